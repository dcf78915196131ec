//! `GET /v1/ik`: who the register takes somebody for, so that a page can show what he may do.

use super::input::{Asking, By};
use crate::problem::Problem;
use axum::Json;
use serde_json::{Value, json};

pub(super) async fn read(By(worker): By, asking: Asking) -> Result<Json<Value>, Problem> {
    asking.only(&[])?;
    let asker = &worker.asker;
    let roles: Vec<&str> = asker.roles.iter().map(|it| it.name()).collect();
    Ok(Json(json!({
        "medewerker": worker.id, "organisatie": asker.organisation.to_string(), "rollen": roles,
        "teams": asker.teams, "gebieden": asker.areas,
    })))
}
