//! A reference decoder: WHATWG HTML, sections 9.2.5 and 9.2.6, transcribed step by step.
//!
//! It shares no code with the decoder and takes the whole stream at once. Each function follows one passage of the
//! standard, in the same order, without regard to speed.

/// The result of reading a stream to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stream {
    pub(crate) events: Vec<Dispatched>,
    /// The last event ID string, which a reconnect sends.
    pub(crate) last_event_id: String,
    /// The reconnection time in milliseconds, if the stream set one.
    pub(crate) retry: Option<u64>,
}

/// A dispatched event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Dispatched {
    pub(crate) event_type: String,
    pub(crate) data: String,
    pub(crate) last_event_id: String,
    /// The ID that the event's own block set.
    pub(crate) id: Option<String>,
    /// The reconnection time in milliseconds that the event's own block set.
    pub(crate) retry: Option<u64>,
}

/// A part of a stream. The standard dispatches only the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Event(Dispatched),
    /// The text of a line that "starts with a U+003A COLON character".
    Comment(String),
    Block(Block),
}

/// A block that dispatches no event, but sets an ID or a reconnection time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) id: Option<String>,
    /// In milliseconds.
    pub(crate) retry: Option<u64>,
}

/// Section 9.2.6, from its first sentence to its end: decodes the stream, splits it into lines, processes each line.
pub(crate) fn interpret(bytes: &[u8]) -> Stream {
    // At the end of the file, "any pending data must be discarded".
    processed(bytes).stream
}

/// Returns all parts of a stream, in order.
pub(crate) fn parts(bytes: &[u8]) -> Vec<Part> {
    processed(bytes).parts
}

/// Returns the reconnection time that the lines after the last empty line set, in milliseconds.
pub(crate) fn pending_retry(bytes: &[u8]) -> Option<u64> {
    processed(bytes).block.retry
}

fn processed(bytes: &[u8]) -> State {
    let mut state = State::default();
    for line in lines(&utf8_decode(bytes)).0 {
        state.process(&line);
    }
    state
}

/// Returns whether no line after the last empty one is, or may become, an `event`, `data` or `id` line.
pub(crate) fn is_between_events(bytes: &[u8]) -> bool {
    const NAMES: [&str; 3] = ["event", "data", "id"];
    let (lines, rest) = lines(&utf8_decode(bytes));
    let block = lines.rsplit(String::is_empty).next().unwrap_or_default();
    let is_part = |line: &String| match line.split_once(':').unwrap_or((line, "")) {
        // The field is ignored.
        ("id", value) if value.contains('\u{0}') => false,
        (name, _) => NAMES.contains(&name),
    };
    let may_be_part = match rest.split_once(':') {
        Some((name, _)) => NAMES.contains(&name),
        None => !rest.is_empty() && NAMES.iter().any(|name| name.starts_with(&rest)),
    };
    !may_be_part && !block.iter().any(is_part)
}

/// Encoding, "UTF-8 decode": drops one byte order mark, then runs the decoder with error mode "replacement".
fn utf8_decode(bytes: &[u8]) -> Vec<char> {
    utf8_decode_without_bom(bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes))
}

/// Encoding, "UTF-8 decoder". The variables have the names that the standard gives them.
pub(crate) fn utf8_decode_without_bom(bytes: &[u8]) -> Vec<char> {
    let mut text = Vec::new();
    let (mut code_point, mut bytes_seen, mut bytes_needed) = (0_u32, 0, 0);
    let (mut lower, mut upper) = (0x80, 0xBF);
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        at += 1;
        if bytes_needed == 0 {
            match byte {
                0x00..=0x7F => text.push(char::from(byte)),
                0xC2..=0xDF => (bytes_needed, code_point) = (1, u32::from(byte & 0x1F)),
                0xE0..=0xEF => {
                    lower = if byte == 0xE0 { 0xA0 } else { 0x80 };
                    upper = if byte == 0xED { 0x9F } else { 0xBF };
                    (bytes_needed, code_point) = (2, u32::from(byte & 0xF));
                }
                0xF0..=0xF4 => {
                    lower = if byte == 0xF0 { 0x90 } else { 0x80 };
                    upper = if byte == 0xF4 { 0x8F } else { 0xBF };
                    (bytes_needed, code_point) = (3, u32::from(byte & 0x7));
                }
                _ => text.push(char::REPLACEMENT_CHARACTER),
            }
            continue;
        }
        let in_range = (lower..=upper).contains(&byte);
        (lower, upper) = (0x80, 0xBF);
        if !in_range {
            (code_point, bytes_seen, bytes_needed) = (0, 0, 0);
            text.push(char::REPLACEMENT_CHARACTER);
            // "Restore byte": the byte is read again as a first byte.
            at -= 1;
            continue;
        }
        code_point = (code_point << 6) | u32::from(byte & 0x3F);
        bytes_seen += 1;
        if bytes_seen == bytes_needed {
            text.push(char::from_u32(code_point).expect("the ranges above exclude surrogates"));
            (code_point, bytes_seen, bytes_needed) = (0, 0, 0);
        }
    }
    if bytes_needed != 0 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Section 9.2.5: splits the text into lines, each of which ends with a CR LF pair, an LF or a CR. Text after the last
/// line ending is not a line, and is returned apart.
fn lines(text: &[char]) -> (Vec<String>, String) {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut at = 0;
    while at < text.len() {
        if text[at] == '\r' && text.get(at + 1) == Some(&'\n') {
            lines.push(std::mem::take(&mut line));
            at += 2;
        } else if text[at] == '\n' || text[at] == '\r' {
            lines.push(std::mem::take(&mut line));
            at += 1;
        } else {
            line.push(text[at]);
            at += 1;
        }
    }
    (lines, line)
}

/// Section 9.2.6: the buffers of a stream, all initially empty.
#[derive(Default)]
struct State {
    data_buffer: String,
    event_type_buffer: String,
    last_event_id_buffer: String,
    /// The fields that this block has set so far. Not in the standard.
    block: Block,
    /// Not in the standard.
    parts: Vec<Part>,
    stream: Stream,
}

impl State {
    /// Section 9.2.6, "Lines must be processed, in the order they are received, as follows".
    fn process(&mut self, line: &str) {
        if line.is_empty() {
            self.dispatch();
        } else if let Some(comment) = line.strip_prefix(':') {
            // Ignore the line.
            self.parts.push(Part::Comment(comment.to_owned()));
        } else if line.contains(':') {
            let (field, value) = line.split_once(':').expect("it contains a colon");
            let value = value.strip_prefix('\u{20}').unwrap_or(value);
            self.process_field(field, value);
        } else {
            self.process_field(line, "");
        }
    }

    /// Section 9.2.6, "The steps to process the field given a field name and a field value".
    fn process_field(&mut self, field: &str, value: &str) {
        match field {
            "event" => value.clone_into(&mut self.event_type_buffer),
            "data" => {
                self.data_buffer.push_str(value);
                self.data_buffer.push('\u{A}');
            }
            "id" if !value.contains('\u{0}') => {
                value.clone_into(&mut self.last_event_id_buffer);
                self.block.id = Some(value.to_owned());
            }
            // Deviation: an empty value "consists of only ASCII digits" too, but it is not an integer.
            "retry" if !value.is_empty() && value.chars().all(|c| c.is_ascii_digit()) => {
                // The value is all digits, so parsing fails only if the number is too large.
                let millis = value.parse().unwrap_or(u64::MAX);
                self.stream.retry = Some(millis);
                self.block.retry = Some(millis);
            }
            // An unknown field, or an ignored value.
            _ => {}
        }
    }

    /// Section 9.2.6, "dispatch the event".
    fn dispatch(&mut self) {
        let block = std::mem::take(&mut self.block);
        // Step 1.
        self.stream.last_event_id = self.last_event_id_buffer.clone();
        // Step 2.
        if self.data_buffer.is_empty() {
            self.data_buffer = String::new();
            self.event_type_buffer = String::new();
            if block != Block::default() {
                self.parts.push(Part::Block(block));
            }
            return;
        }
        // Step 3.
        if self.data_buffer.ends_with('\u{A}') {
            self.data_buffer.pop();
        }
        // Steps 4 and 5.
        let mut event = Dispatched {
            event_type: "message".to_owned(),
            data: self.data_buffer.clone(),
            last_event_id: self.stream.last_event_id.clone(),
            id: block.id,
            retry: block.retry,
        };
        // Step 6.
        if !self.event_type_buffer.is_empty() {
            event.event_type = self.event_type_buffer.clone();
        }
        // Step 7.
        self.data_buffer = String::new();
        self.event_type_buffer = String::new();
        // Step 8.
        self.parts.push(Part::Event(event.clone()));
        self.stream.events.push(event);
    }
}
