use sse_core::{DataWriter, EncodeError, SseEvent};

mod half {
    use super::{DataWriter, EncodeError};

    pub fn encode(_: &u8, _: &mut DataWriter<'_>) -> Result<(), EncodeError> {
        Ok(())
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

#[derive(SseEvent)]
enum Feed {
    #[sse(with = "half")]
    Half(u8),
    #[sse(with = "crate::other_errors")]
    OtherErrors(u8),
    #[sse(with = "missing")]
    Missing(u8),
}

fn main() {}
