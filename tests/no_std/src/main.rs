//! Encodes and decodes events without the standard library. Exits with 0 if the decoded events equal the encoded ones.
#![no_std]
#![no_main]

use core::{
    alloc::{GlobalAlloc, Layout},
    ffi::c_int,
    panic::PanicInfo,
    ptr,
    sync::atomic::{AtomicUsize, Ordering},
};

use sse_core::{Decoded, Decoder, Encoder, Envelope, SseDecode, SseEvent};

#[derive(Debug, PartialEq, SseEvent)]
enum Device {
    #[sse(flatten(prefix = "kitchen."))]
    Kitchen(Reading),
    #[sse(other)]
    Other,
}

#[derive(Debug, PartialEq, SseEvent)]
enum Reading {
    #[sse(event = "temperature")]
    Temperature(i32),
    #[sse(event = "calibrated")]
    Calibrated {
        #[sse(id(json))]
        at: (u8, u8),
        #[sse(retry)]
        wait: u32,
    },
    #[sse(event = "off", terminal)]
    Off,
}

const CALIBRATED: Reading = Reading::Calibrated { at: (1, 2), wait: 500 };

// Only the entry point and `memcpy` of the C library are used.
#[link(name = "c")]
unsafe extern "C" {}

#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    let mut encoder = Encoder::new();
    let written = encoder
        .envelope(&Envelope::new(Device::Kitchen(Reading::Temperature(-7))).with_id(1))
        .and_then(|()| encoder.event(&Device::Kitchen(CALIBRATED)))
        .and_then(|()| encoder.event(&Device::Kitchen(Reading::Off)));
    if written.is_err() {
        return 1;
    }
    let mut decoder = Decoder::new();
    let mut events = decoder.feed(encoder.as_bytes());
    for reading in [Reading::Temperature(-7), CALIBRATED, Reading::Off] {
        let expected = Device::Kitchen(reading);
        match events.next_event() {
            Some(Ok(raw)) if matches!(Device::decode(raw), Ok(Decoded::Event(event)) if event == expected) => {}
            _ => return 2,
        }
    }
    drop(events);
    c_int::from(decoder.last_event_id() != "[1,2]")
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    loop {}
}

// The precompiled `alloc` crate unwinds, so it refers to these functions. With `panic = "abort"` they are never called.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}

#[unsafe(no_mangle)]
extern "C" fn _Unwind_Resume() {}

/// An allocator that uses a fixed piece of memory and never frees.
struct Bump;

const SIZE: usize = 1 << 20;
static mut MEMORY: [u8; SIZE] = [0; SIZE];
static USED: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Bump = Bump;

// SAFETY: `USED` only grows, so each call gets a range of `MEMORY` that no other call gets. The range is aligned as
// requested. If it does not fit in `MEMORY`, the call returns null.
unsafe impl GlobalAlloc for Bump {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let room = layout.size() + layout.align();
        let start = USED.fetch_add(room, Ordering::Relaxed);
        if start.checked_add(room).is_none_or(|end| end > SIZE) {
            return ptr::null_mut();
        }
        let memory = (&raw mut MEMORY).cast::<u8>().wrapping_add(start);
        memory.wrapping_add(memory.align_offset(layout.align()))
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
