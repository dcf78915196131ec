//! How a report says in which boundaries it counted places: a figure of a municipality means nothing without it.

use crate::face::date;
use domain::area::{Boundaries, municipalities};

/// The boundaries as somebody asks for them.
pub(crate) fn name(it: Boundaries) -> &'static str {
    match it {
        Boundaries::OfTheDate => "datum",
        Boundaries::On(_) => "heden",
    }
}

/// What was done, in words, to stand with every table of places.
pub(crate) fn sentence(it: Boundaries) -> String {
    let Boundaries::On(day) = it else {
        return "Geteld in de gemeentegrenzen van de dag waarop het gebeurde.".to_owned();
    };
    let gone = municipalities().filter(|it| it.was_divided() && !it.existed_on(day));
    let divided: Vec<String> =
        gone.map(|it| format!("{} bij {}", it.name, it.went_to(day).name)).collect();
    let divided = match divided.as_slice() {
        [] => String::new(),
        all => {
            format!(" Verdeelde gemeenten tellen geheel bij hun grootste deel: {}.", all.join(", "))
        }
    };
    format!(
        "Geteld in de gemeentegrenzen van {}: een opgeheven gemeente telt mee in de gemeente waarin zij opging.{divided}",
        date(day)
    )
}
