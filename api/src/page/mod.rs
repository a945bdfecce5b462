//! The page to try it: `GET /` and the files it is made of under `/page/`.
//!
//! Owns the vendored files in `assets/` and how they are served. Invariant: everything the page needs comes from this
//! program, nothing is inline, and the page may load nothing from elsewhere (its content security policy says so).

mod files;
mod serve;

use axum::Router;
use axum::routing::get;

/// The page's routes, one per file: what is not there falls through to the application's own 404.
///
/// Needs no state and asks for no sign-in; a file is revalidated by its `ETag`, so a new build is seen at once.
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    files::FILES.iter().fold(Router::new(), |router, file| {
        let served = serve::Served::new(file);
        router.route(file.path, get(move |headers| std::future::ready(served.answer(&headers))))
    })
}
