//! Any bytes in any chunks: the decoder reads them as the oracle reads the whole, and limits never break it.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of it")]
mod shared;

use libfuzzer_sys::fuzz_target;

use self::shared::{cut, decode, decode_limited, interpret};

fuzz_target!(|input: &[u8]| {
    let (stream, chunks) = cut(input);
    decode_limited(16, &chunks);
    assert_eq!(decode(chunks), interpret(stream));
});
