//! Arbitrary bytes in one chunk: the decoder reads them as the oracle does.
#![no_main]

#[allow(dead_code, unused_imports, reason = "each target uses a part of the module")]
mod shared;

use libfuzzer_sys::fuzz_target;

use self::shared::{decode, interpret};

fuzz_target!(|input: &[u8]| assert_eq!(decode([input]), interpret(input)));
