//! Arbitrary bytes in arbitrary chunks: the decoder reads them as the oracle reads the whole stream, with and without its
//! comments and blocks, and decoding with limits does not panic.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of the module")]
mod shared;

use libfuzzer_sys::fuzz_target;

use self::shared::{cut, decode, decode_limited, decode_parts, interpret};

fuzz_target!(|input: &[u8]| {
    let (stream, chunks) = cut(input);
    decode_limited(16, &chunks);
    decode_parts(stream, &chunks);
    assert_eq!(decode(chunks), interpret(stream));
});
