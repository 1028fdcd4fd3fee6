//! Snapshot tests of the expansion, for an enum with a variant of each kind, one with a tag in its data, and one that
//! nests other types.

use std::{env, fs, path::Path};

const FEED: &str = r#"
#[sse(rename_all = "dot.case")]
enum Feed<T> {
    Opened,
    #[sse(event = "tick", alias = "price")]
    Tick(Tick),
    PriceMoved {
        #[sse(id)]
        at: Option<u64>,
        #[serde(rename = "s")]
        symbol: String,
        price: T,
    },
    #[sse(unnamed)]
    Note(Option<String>),
    #[sse(terminal)]
    Closed(u32, String),
    #[sse(other)]
    Other(RawEventBuf),
}
"#;

const SHOP: &str = r#"
enum Shop<'a> {
    Opened,
    #[sse(unnamed, literal = "[DONE]", terminal)]
    Done,
    #[sse(flatten(prefix = "order."))]
    Order(Order<'a>),
    #[sse(flatten)]
    Stock(Stock),
    #[sse(other)]
    Other,
}
"#;

const MESSAGE: &str = r#"
#[serde(tag = "type", rename_all = "snake_case")]
#[sse(tagged)]
enum Message {
    #[serde(alias = "start")]
    Started {
        id: u32,
    },
    #[sse(unnamed)]
    Delta {
        text: String,
    },
    #[sse(terminal)]
    Stopped,
    #[serde(skip)]
    #[sse(other)]
    Other,
}
"#;

/// To accept a change, run `SSE_BLESS=1 cargo test -p sse-derive snapshot`.
#[test]
fn expansions_match_the_snapshots() {
    compare("feed", FEED);
    compare("message", MESSAGE);
    compare("shop", SHOP);
}

fn compare(name: &str, source: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots").join(name).with_extension("rs");
    let expansion = crate::sse_event(&syn::parse_str(source).unwrap(), syn::parse_quote!(::sse_core));
    let file = syn::parse2(expansion).unwrap();
    let text = format!(
        "// The expansion of `#[derive(SseEvent)]` for:\n//{}\n{}",
        source.trim_end().replace('\n', "\n// "),
        prettyplease::unparse(&file)
    );
    if env::var_os("SSE_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    let difference = recorded.lines().zip(text.lines()).enumerate().find(|(_, (recorded, now))| recorded != now);
    assert_eq!(difference, None, "the expansion differs from `{name}.rs`; run with SSE_BLESS=1 to accept it");
    assert_eq!(
        recorded.len(),
        text.len(),
        "the expansion differs in length from `{name}.rs`; run with SSE_BLESS=1 to accept it"
    );
}
