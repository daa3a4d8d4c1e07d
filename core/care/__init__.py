"""This is the place where use cases live: function(ports, actor, ...); access first, then get, think, keep, answer.

What can be asked (every function but those marked with * takes `ports, actor` first and checks access on its first line):

    sessions    sign_in*(ports, username, password) -> Session          demo_accounts*(ports) -> tuple[DemoAccount, ...]
                demo_sign_in*(ports, account_id) -> Session              actor_of*(ports, session_id) -> Actor
                redeem_ticket*(ports, ticket) -> str | None              make_ticket() -> str
                landing() -> Landing   touch()   sign_out()              change_password(old, new)
    freshness   revision(person_id) -> int                               cheap, no audit line: is a kept view out of date?
    today       view(person_id) -> TodayView
    records     shelf(person_id) -> RecordShelf                          select*(shelf, query) -> RecordsView (pure)
                browse(person_id, query) -> RecordsView                  one(person_id, record_id) -> RecordView
                original(person_id, record_id) -> str (pretty JSON)      why_odd(person_id, record_id) -> tuple[str, ...]
    trends      shelf(person_id) -> TrendShelf                           draw*(shelf, query) -> TrendView (pure)
                view(person_id, query) -> TrendView
    offers      offers(person_id, shelf) -> Offers                        everything that can be drawn
    pictures    picture(person_id, query, shelf) -> Picture              signals on one time axis; exportable(...), taken(...) for files
    glucose_day, nights, hours, resting, active, home_readings, findings    view(person_id, shelf, ...): one kind of signal each
    notes       add(person_id, at, note) -> note id                      remove(person_id, note_id)
    doses       day(person_id, day) -> DosesView                         answer(person_id, dose_ids, state, taken_at, reason, text, amount)
                log_needed(person_id, medicine_id, ...) -> LoggedNeed    snooze(person_id, ids, minutes)
    medicine_cards, reconciliation   view(person_id)                     adherence   view(person_id, weeks, as_of) -> AdherenceView
    medicine_book   set_hours, add_trip, answer, add_own, choose, count_stock ... preview(person_id, dosages, since) -> tuple[Due, ...]
    requests    ask(person_id, kind, about, text) -> Request             withdraw, answer, seen, listed, open_in_panel() -> tuple[PanelRequest, ...]
    sources     overview(person_id) -> SourcesView                       remove(person_id, source_id) -> int
                import_files(person_id, uploads, named, watch) -> ImportReport
                pull(person_id, login, label, watch) -> ImportReport
                ledgers(person_id) -> tuple[Ledger, ...]                 ledger_lines(person_id, import_id, outcome, page) -> LedgerView
    pulls       pull(whose, login, label, watch) -> ImportReport         pull_again(person_id, source_id, *, full, watch) -> ImportReport
    parcels     import_parcels(whose, parcels, watch) -> ImportReport    the command line's door: also for nobody in particular
    settings_of load() -> Preferences                                    save(preferences)
    log         who_looked(person_id) -> tuple[DayOfLooks, ...]
    people      panel(query) -> PanelView                                open_person(person_id) -> PersonView
    admin       desk() -> AdminView                                      accounts() -> tuple[Account, ...]
                add_account(new) -> Account   update_account(account)    reset_password(account_id, password)
                panels() -> tuple[Panel, ...] save_panel(panel) -> Panel
                audit_lines(limit) -> AuditView                          verify_audit(progress) -> AuditCheck
    kiosk       locked() -> KioskView
    export      csv(person_id, say) -> Download                          bundle(person_id) -> Download
                summary_pdf(person_id, say, language) -> Download
    upkeep      backup(target, progress)   verify(progress)              erase_person(person_id, progress)   add_person(profile)

Beside them: access (the table of who may do what), identity, placing and ingest (whose record an entry ends in), lines and plain
(records as lines on screens). Views are in core/care/views.py (one person's record) and core/care/desk_views.py (all round it).
"""
