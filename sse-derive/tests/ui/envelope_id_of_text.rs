use sse_core::Envelope;

fn main() {
    let _ = Envelope::new("event").with_id("orders:42");
    let _ = Envelope::new("event").with_id(String::from("orders:42"));
    let _ = Envelope::new("event").with_id(1.5);
}
