//! Payloads, and the enum of events that contains them.

use serde::{Deserialize, Serialize};
use sse_core::SseEvent;

/// The events of the typed workloads and of the encoders.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "snake_case")]
pub enum Feed {
    /// A small event.
    Tick(Tick),
    /// A small event with an ID.
    Trade {
        /// The event ID.
        #[sse(id)]
        id: u64,
        /// Same as in [`Tick`].
        symbol: String,
        /// Same as in [`Tick`].
        price: f64,
        /// Same as in [`Tick`].
        volume: u32,
    },
    /// An unnamed event with a piece of a generated answer.
    #[sse(unnamed)]
    Delta(Delta),
    /// A large event.
    Edit(Edit),
}

/// A small payload of 48 bytes of JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tick {
    symbol: String,
    price: f64,
    volume: u32,
}

/// Returns the payload of tick `n`.
#[must_use]
pub fn tick(n: usize) -> Tick {
    let step = u32::try_from(n % 90).unwrap_or(0);
    Tick { symbol: "ACME".into(), price: f64::from(18_701 + 100 * step) / 100.0, volume: 100_000 + step }
}

/// Returns tick `n` as an event with an ID.
#[must_use]
pub fn trade(id: u64, n: usize) -> Feed {
    let Tick { symbol, price, volume } = tick(n);
    Feed::Trade { id, symbol, price, volume }
}

/// A piece of a generated answer in the shape used by several LLM providers: 250 bytes of JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Delta {
    id: String,
    object: String,
    created: u64,
    model: String,
    choices: Vec<Choice>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Choice {
    index: u32,
    delta: Content,
    finish_reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Content {
    content: String,
}

/// Returns the payload of delta `n`. Its text is mostly ASCII, like text in most languages with a Latin alphabet.
#[must_use]
pub fn delta(n: usize) -> Delta {
    const WORDS: [&str; 8] = [" the", " größer", " naïve", " stream", " 日本語", " of", " événement", " bytes 🦀"];
    let word = WORDS.get(n % WORDS.len()).copied().unwrap_or_default();
    let mut content = word.repeat(3);
    let padding = CONTENT_BYTES - content.len();
    content.extend(std::iter::repeat_n('.', padding));
    let choice = Choice { index: 0, delta: Content { content }, finish_reason: None };
    Delta {
        id: "completion-8f2c1d7e90ab4c53".into(),
        object: "chat.completion.chunk".into(),
        created: 1_795_430_000,
        model: "model-large-2026-10".into(),
        choices: vec![choice],
    }
}

/// The length of the content that makes a [`Delta`] 250 bytes long.
const CONTENT_BYTES: usize = 62;

/// A large payload.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Edit {
    title: String,
    user: String,
    bot: bool,
    minor: bool,
    timestamp: u64,
    revision: Revision,
    comment: String,
    html: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Revision {
    old: u64,
    new: u64,
}

/// Returns the payload of edit `n`, whose HTML takes `html_bytes` bytes in JSON.
///
/// The HTML differs for each `n`, because the time to encode a repeated text depends on how well the branch predictor
/// learns it.
#[must_use]
pub fn edit(n: usize, html_bytes: usize) -> Edit {
    let serial = n as u64 % 900_000;
    Edit {
        title: "Fährverbindung Kiel–Göteborg".into(),
        user: "Seefahrer".into(),
        bot: false,
        minor: true,
        timestamp: 1_795_430_000,
        revision: Revision { old: 100_000 + serial, new: 100_001 + serial },
        comment: "/* Fahrplan */ updated for the winter season".into(),
        html: html(n, html_bytes),
    }
}

/// The length of the HTML that makes the data of an [`Edit`] 1.5 KiB long.
pub const HTML_BYTES: usize = 1319;

/// Returns pieces of HTML in an order that depends on `n`, padded to `json_bytes` bytes in JSON.
fn html(n: usize, json_bytes: usize) -> String {
    const PIECES: [&str; 8] = [
        r#"<span class="title">Kiel</span> "#,
        "the ferry leaves at a quarter to seven in the evening and arrives the next morning; ",
        r#"<a href="/wiki/Harbour">harbour</a>, "#,
        "<b>winter</b> ",
        "timetable of the line, with all connections by rail ",
        r#"<td colspan="2">"#,
        "Gothenburg ",
        "and ",
    ];
    let mut html = String::new();
    let mut left = json_bytes;
    let mut state = n as u64 + 1;
    loop {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let piece = PIECES.iter().cycle().nth((state >> 60) as usize).copied().unwrap_or_default();
        // JSON escapes each quotation mark with one more byte.
        let taken = piece.len() + piece.matches('"').count();
        if taken > left {
            return html + &".".repeat(left);
        }
        html.push_str(piece);
        left -= taken;
    }
}
