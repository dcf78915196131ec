# shellcheck shell=bash
# Why: the last part of `deploy/demo.sh --once`: one advice and one melding with elder abuse go in through the API, as an intake
# worker would send them, and are found back in the trend report. Sourced by demo.sh, which brings the server and the tokens.
# shellcheck disable=SC2154  # address, home and intake come from demo.sh

once() {
    local advice melding
    stap "Een advies en een melding van ouderenmishandeling vastleggen"
    advice=$(new_id) melding=$(new_id)
    send "adviezen/$advice" "$(advice_body)"
    send "meldingen/$melding" "$(melding_body)"
    zeg "      GET /v1/meldingen/$melding"
    curl -sS --fail -H "Authorization: Bearer $intake" "http://$address/v1/meldingen/$melding" | readable
    zeg "      De trendrapportage van dit jaar:"
    meldboek report --jaar "$(TZ=Europe/Amsterdam date +%Y)" --organisatie VT02 --profiel intern --formaat tekst
    zeg "Gelukt."
}

send() {
    local answer=$home/answer.json status
    zeg "      PUT /v1/$1"
    status=$(curl -sS -X PUT "http://$address/v1/$1" -H "Authorization: Bearer $intake" -H 'Content-Type: application/json' \
        -d "$2" -o "$answer" -w '%{http_code}')
    printf '%s ' "$status"
    readable <"$answer"
    [[ $status == 20[014] ]] || stop_met "De server weigerde: PUT /v1/$1 gaf $status"
}

readable() {
    if command -v jq >/dev/null 2>&1; then jq .; else cat && echo; fi
}

new_id() {
    cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen | tr '[:upper:]' '[:lower:]'
}

# Fictional people; the eldest of them is 82, so the violence of her child counts as elder abuse.
melding_body() {
    local victim perpetrator
    victim=$(new_id) perpetrator=$(new_id)
    cat <<EOF
{"ontvangenOp":"$(date -u +%Y-%m-%dT%H:%M:%SZ)","kanaal":"landelijk-nummer",
 "melder":{"hoedanigheid":"huisarts","organisatie":"gezondheidszorg","anoniemVoorGezin":true,"gegevens":{"naam":"Fictieve Huisarts"}},
 "gemeente":"0106",
 "personen":[
  {"id":"$victim","rollen":["slachtoffer"],"geslacht":"vrouw","leeftijd":82,"gegevens":{"naam":"Testpersoon Een"}},
  {"id":"$perpetrator","rollen":["pleger"],"geslacht":"man","leeftijd":51}],
 "relaties":[
  {"slachtoffer":"$victim","pleger":"$perpetrator","relatie":"ouder","huidigOfVoormalig":"niet-van-toepassing","samenwonend":"nee",
   "vormen":["ouderenmishandeling"],"aard":["financiele-uitbuiting"],"vermoedOfVastgesteld":"vermoed"}],
 "duur":"onbekend","acuutGevaar":"nee"}
EOF
}
