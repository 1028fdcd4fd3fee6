//! The files of the page, which are compiled into the program.

use axum::Router;
use sse_examples::page::{self, CSS, JS};

const PAGE: &str = include_str!("page/index.html");

const FILES: [(&str, &str, &str); 10] = [
    ("/app.js", JS, include_str!("page/app.js")),
    ("/cards.js", JS, include_str!("page/cards.js")),
    ("/chart.js", JS, include_str!("page/chart.js")),
    ("/feed.js", JS, include_str!("page/feed.js")),
    ("/format.js", JS, include_str!("page/format.js")),
    ("/market.js", JS, include_str!("page/market.js")),
    ("/style.css", CSS, include_str!("page/style.css")),
    ("/summary.js", JS, include_str!("page/summary.js")),
    ("/vendor/uPlot.iife.min.js", JS, include_str!("page/vendor/uPlot.iife.min.js")),
    ("/vendor/uPlot.min.css", CSS, include_str!("page/vendor/uPlot.min.css")),
];

/// Creates a route for each file.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    FILES.into_iter().fold(page::routes(PAGE), |router, (path, kind, text)| router.route(path, page::file(kind, text)))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use sse_core::{EventSpec, Terminal, TypedEvent};
    use sse_examples::market::Market;

    use super::*;

    #[test]
    fn every_script_and_style_sheet_is_served() {
        let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("ticker/page");
        let folders = [("", page.clone()), ("/vendor", page.join("vendor"))];
        let found: BTreeSet<String> = folders
            .iter()
            .flat_map(|(prefix, folder)| {
                let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
                names.map(move |name| format!("{prefix}/{name}"))
            })
            .filter(|path| Path::new(path).extension().is_some_and(|kind| kind == "js" || kind == "css"))
            .collect();
        let served = FILES.iter().map(|(path, ..)| (*path).to_owned()).collect();
        assert_eq!(found, served);
    }

    #[test]
    fn the_page_listens_to_the_events_of_the_feed() {
        let info = |spec: &EventSpec| match spec {
            EventSpec::Event(info) => *info,
            spec => panic!("the page does not handle {spec:?}"),
        };
        let script = include_str!("page/market.js");
        let names: Vec<_> = Market::EVENTS.iter().map(|spec| format!("{:?}", info(spec).name().unwrap())).collect();
        assert!(script.contains(&format!("EVENTS = [{}]", names.join(", "))), "{names:?}");
        let last = Market::EVENTS.iter().map(info).find(|info| info.terminal() == Terminal::Always).unwrap();
        assert!(script.contains(&format!("LAST_EVENT = {:?}", last.name().unwrap())), "{last:?}");
    }
}
