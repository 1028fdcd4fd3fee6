//! Events that are encoded as one type and sent as one that flattens it.

use sse_core::{Decoded, Encoded, Encoder, Envelope, SseEvent};

use super::decode;

#[derive(Debug, PartialEq, SseEvent)]
#[sse(rename_all = "snake_case")]
enum Line {
    Added {
        #[sse(id)]
        at: u64,
        n: u8,
    },
    #[sse(terminal)]
    Closed,
}

#[derive(Debug, PartialEq, SseEvent)]
enum Order<L> {
    Placed,
    #[sse(flatten)]
    Line(L),
}

#[derive(Debug, PartialEq, SseEvent)]
enum Shop {
    #[sse(flatten(prefix = "copy."))]
    Copy(Line),
    #[sse(flatten)]
    Order(Box<Order<Line>>),
}

/// Returns the flow and the bytes of an item.
fn written<E: SseEvent>(item: Encoded<E>) -> (bool, Vec<u8>) {
    let mut encoder = Encoder::new();
    let Ok(flow) = encoder.item(item) else { panic!("an encoded event is written without an error") };
    (flow.is_break(), encoder.into_bytes())
}

#[test]
fn a_wider_type_has_the_same_bytes_and_the_same_flow() {
    for (line, is_terminal) in [(Line::Added { at: 7, n: 1 }, false), (Line::Closed, true)] {
        let narrow = Encoded::new(&line).unwrap();
        let wide: Encoded<Shop> = narrow.clone().widen();
        assert_eq!(wide.as_bytes().as_ptr(), narrow.as_bytes().as_ptr());
        assert_eq!(wide.id(), narrow.id());
        assert_eq!(wide.is_terminal(), is_terminal);
        assert!(wide.has_event());
        let text = String::from_utf8(wide.as_bytes().to_vec()).unwrap();
        assert_eq!(decode(&text), Decoded::Event(Shop::Order(Box::new(Order::Line(line)))));
        assert_eq!(written(wide), (is_terminal, narrow.into_bytes().to_vec()));
    }
}

#[test]
fn an_envelope_without_an_event_stays_one() {
    let narrow: Encoded<Line> = Encoded::envelope(&Envelope::empty().with_id(7)).unwrap();
    let wide: Encoded<Order<Line>> = narrow.widen();
    assert!(!wide.has_event() && !wide.is_terminal());
    assert_eq!(written(wide), (false, b"id: 7\n\n".to_vec()));
}

#[test]
fn a_type_can_be_widened_to_itself_and_in_steps() {
    let line = Encoded::new(&Line::Closed).unwrap().widen::<Line>();
    let shop = line.clone().widen::<Order<Line>>().widen::<Shop>();
    assert_eq!(shop.as_bytes(), line.as_bytes());
    let never: Encoded<std::convert::Infallible> = Encoded::envelope(&Envelope::empty().with_id(1)).unwrap();
    assert_eq!(never.widen::<Shop>().as_bytes(), b"id: 1\n\n");
}
