use sse_core::ByteStream;

struct Response;

fn reads<S: ByteStream>(_: S) {}

fn main() {
    reads(Response);
}
