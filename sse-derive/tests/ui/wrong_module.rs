use sse_core::{DataWriter, DecodeError, EncodeError, SseEvent};

mod half {
    use super::{DataWriter, EncodeError};

    pub fn encode(_: &u8, _: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        Ok(())
    }
}

mod private {
    use super::{DataWriter, DecodeError, EncodeError};

    fn encode(_: &u8, _: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    pub fn decode(_: &str) -> Result<u8, DecodeError> {
        Ok(0)
    }
}

mod other_errors {
    use super::DataWriter;

    pub fn encode(_: &u8, _: &mut DataWriter<'_>) -> std::fmt::Result {
        Ok(())
    }

    pub fn decode(data: &str) -> Result<u8, std::num::ParseIntError> {
        data.parse()
    }
}

#[derive(Clone)]
struct Tick;

mod by_value {
    use super::{DataWriter, DecodeError, EncodeError, Tick};

    pub fn encode(_: Tick, _: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        Ok(())
    }

    pub fn decode(_: String) -> Result<Tick, DecodeError> {
        Ok(Tick)
    }
}

#[derive(SseEvent)]
enum Feed {
    #[sse(with = "half")]
    Half(u8),
    #[sse(with = "self::private")]
    Private(u8),
    #[sse(with = "crate::other_errors")]
    OtherErrors(u8),
    #[sse(with = "by_value")]
    ByValue(Tick),
    #[sse(with = "missing")]
    Missing(u8),
}

fn main() {}
