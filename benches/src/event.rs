//! The payloads, and the event types around them.

use serde::{Deserialize, Serialize};


/// A small payload: 48 bytes of JSON.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tick {
    symbol: String,
    price: f64,
    volume: u32,
}

/// The payload of the tick `n`.
#[must_use]
pub fn tick(n: usize) -> Tick {
    let step = u32::try_from(n % 90).unwrap_or(0);
    Tick { symbol: "ACME".into(), price: f64::from(18_701 + 100 * step) / 100.0, volume: 100_000 + step }
}

/// A piece of a generated answer, in the shape that several providers share: 250 bytes of JSON.
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

/// The payload of the delta `n`: most of its text is ASCII, as in most languages written with Latin letters.
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

/// What brings a [`Delta`] to 250 bytes.
const CONTENT_BYTES: usize = 61;

/// A large payload: 1.5 KiB of JSON.
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

/// The payload of the edit `n`, whose JSON has at least one escape.
#[must_use]
pub fn edit(n: usize) -> Edit {
    edit_of(n, HTML_BYTES)
}

fn edit_of(n: usize, html_bytes: usize) -> Edit {
    let n = n as u64 % 900_000;
    let html = r#"<span class="mw-title">Kiel – Fähre</span> and the harbour of the town, "#;
    let mut html: String = html.chars().cycle().take(html_bytes - html_bytes / 20).collect();
    while html.len() < html_bytes {
        html.push('.');
    }
    Edit {
        title: "Fährverbindung Kiel–Göteborg".into(),
        user: "Seefahrer".into(),
        bot: false,
        minor: true,
        timestamp: 1_795_430_000,
        revision: Revision { old: 100_000 + n, new: 100_001 + n },
        comment: "/* Fahrplan */ updated for the winter season".into(),
        html,
    }
}

/// What brings the data of an [`Edit`] to 1.5 KiB.
const HTML_BYTES: usize = 1250;
