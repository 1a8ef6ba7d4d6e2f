#include "gateway/report.h"

#include <string.h>

#include "base/message.h"
#include "gateway/clock.h"

static enum audit_level level_of(const struct session *session)
{
	return session->endpoint == NULL ? AUDIT_LEVEL_STANDARD : session->endpoint->audit;
}

/* A profile can raise what the endpoint says, for the runs under it and for what it blocks. */
static enum audit_level level_of_request(const struct request *request)
{
	const struct decision *decision = &request->decision;
	enum audit_level level = level_of(request->session);
	const struct confinement *confinement = decision->confinement;

	if (confinement == NULL && decision->command != NULL)
		confinement = policy_confinement(request->session->policy,
			request->session->endpoint, decision->command);
	if (confinement != NULL && confinement->restriction.has[RESTRICT_AUDIT] &&
		confinement->restriction.audit > (int)level)
		return (enum audit_level)confinement->restriction.audit;
	return level;
}

static void fill(const struct session *session, enum record_kind kind, struct record *record)
{
	*record = (struct record){
		.kind = kind,
		.endpoint = session->endpoint == NULL ? NULL : session->endpoint->name,
		.user = session->operator.name,
		.uid = session->peer.uid,
		.login_uid = session->peer.login_uid,
		.audit_session = session->peer.audit_session,
		.peer_pid = session->peer.pid,
		.session = session->id[0] == '\0' ? NULL : session->id,
		.status = -1,
	};
}

static int write_record(struct session *session, const struct record *record)
{
	const char *complaint = "there is no recorder";

	if (session->recorder != NULL &&
		record_write(session->recorder, record, &complaint) == 0)
		return 0;
	message_error("a record could not be written: %s", complaint);
	return -1;
}

static bool is_secretive(const struct command *command)
{
	for (size_t i = 0; command != NULL && i < command->parameters.count; i++)
		if (command->parameters.items[i].secret)
			return true;
	return false;
}

/* An option keeps its name; what could be a value does not stay. */
static const char *mask_word(struct arena *arena, const char *word)
{
	const char *equals = strchr(word, '=');

	if (strncmp(word, "--", 2) == 0 && equals == NULL)
		return word;
	if (strncmp(word, "--", 2) == 0)
		return arena_printf(arena, "%.*s=<secret>", (int)(equals - word), word);
	return "<secret>";
}

/* Refused words were never parsed to the end, so any of them may be the secret. */
static struct strings words_of_denial(const struct request *request)
{
	const struct session *session = request->session;
	struct strings masked = { .count = 0 };
	size_t name_words = 0;

	if (!is_secretive(request->decision.command))
		return request->words;
	/* Decided on as a whole before something else refused it: what is secret is known. */
	if (request->decision.command->function != NULL && request->decision.shown.count > 0)
		return request->decision.shown;
	decide_command(session->policy, request->roles, request->words.items,
		request->words.count, &name_words);
	for (size_t i = 0; i < request->words.count; i++)
		strings_add(request->arena, &masked,
			i < name_words ? request->words.items[i]
				       : mask_word(request->arena, request->words.items[i]));
	return masked;
}

/* Made for the first denial: an allowed run names those that allow it, and all may be many. */
static const struct strings *all_role_names(struct session *session)
{
	if (session->role_names.count == 0)
		session->role_names =
			role_set_names(session->arena, session->policy, &session->roles);
	return &session->role_names;
}

/* Those of the person whose rights they were to be. */
static const struct strings *roles_of_denial(const struct request *request)
{
	struct strings *names;

	if (request->roles == &request->session->roles)
		return all_role_names(request->session);
	names = arena_alloc(request->arena, sizeof(*names));
	*names = role_set_names(request->arena, request->session->policy, request->roles);
	return names;
}

static void fill_trust(const struct trust_verdict *trust, struct record *record)
{
	if (trust->entry == NULL)
		return;
	record->trust_id = trust->entry->id;
	if (trust->differs)
		record->mismatch = trust_mismatch_names[trust->entry->on_mismatch];
}

/* Of a denial too: which bytes were refused. What differs and runs all the same is always told. */
static void fill_script(const struct request *request, bool full, struct record *record)
{
	const struct decision *decision = &request->decision;
	const struct script_content *content = request->content;

	if (decision->command == NULL || decision->command->function == NULL)
		return;
	if (content == NULL)
		content = &decision->command->function->script.content;
	record->script = arena_printf(request->arena, "sha256:%s", content->digest);
	fill_trust(&decision->trust, record);
	if (!record->success)
		return;
	record->trust = trust_level_names[decision->trust.level];
	if (decision->trust.differs || full)
		record->detail = decision->trust.note;
}

static void fill_decision(const struct request *request, struct record *record)
{
	const struct decision *decision = &request->decision;
	bool full = level_of_request(request) == AUDIT_LEVEL_FULL;

	record->request = request->id.text;
	record->outer = request->outer == NULL ? NULL : request->outer->id.text;
	record->act_as = request->act_as;
	record->pipeline = request->pipeline;
	record->approval = request->approval;
	record->success = decision->verdict == VERDICT_ALLOW;
	record->reason = reason_code(decision->reason);
	record->tty = request->tty[0] == '\0' ? NULL : request->tty;
	record->detail = full ? decision->detail : NULL;
	fill_script(request, full, record);
	if (!record->success) {
		record->roles = roles_of_denial(request);
		return;
	}
	record->roles = &decision->roles;
	record->command = decision->command->name;
	record->run_as = request->run_as.name;
	record->profiles = full && decision->confinement != NULL ? &decision->confinement->profiles
								: NULL;
	record->directory =
		decision->command->directory == NULL ? "/" : decision->command->directory;
	record->words = &decision->shown;
	record->transcript = request->dry_run && decision->transcript.mode != TRANSCRIPT_OFF
				     ? transcript_mode_names[decision->transcript.mode]
				     : recording_word(&request->recording);
}

/* Nothing runs by these, so that they need not all be recorded. */
static bool is_one_of_many(const struct session *session)
{
	const struct peer *peer = &session->peer;
	uid_t login = peer->login_uid == (uid_t)-1 ? peer->uid : peer->login_uid;

	return session->refusals != NULL && !refusals_pass(session->refusals, login,
						    session->operator.name, clock_now());
}

/* Each line once: one may hold a grant and the constraints of several parameters. */
static struct strings grants_of(const struct request *request)
{
	const struct decision *decision = &request->decision;
	struct strings places = { .count = 0 };

	for (size_t i = 0; i < decision->source_count; i++) {
		const struct source *source = &decision->sources[i].source;
		const char *place = source->line == 0
			? source->file /* an approval, in no file */
			: arena_printf(request->arena, "%s:%u", source->file, source->line);

		if (!strings_contain(&places, place))
			strings_add(request->arena, &places, place);
	}
	return places;
}

int report_decision(struct request *request)
{
	struct session *session = request->session;
	bool allowed = request->decision.verdict == VERDICT_ALLOW;
	struct strings words, grants;
	struct record record;

	if (level_of_request(request) < (allowed ? AUDIT_LEVEL_STANDARD : AUDIT_LEVEL_VIOLATIONS))
		return 0;
	if ((!allowed || request->dry_run) && is_one_of_many(session))
		return 0;
	fill(session, request->dry_run ? RECORD_CHECK : RECORD_DECISION, &record);
	fill_decision(request, &record);
	/* A session keeps the configuration it opened with: the last one loaded may be another. */
	record.digest = session->policy == NULL ? NULL : session->policy->digest;
	if (allowed) {
		grants = grants_of(request);
		record.grants = &grants;
	} else {
		words = words_of_denial(request);
		record.words = words.count == 0 ? NULL : &words;
	}
	if (write_record(session, &record) == 0)
		return 0;
	return session->endpoint != NULL &&
			       session->endpoint->audit_failure == AUDIT_FAILURE_CONTINUE
		       ? 0
		       : -1;
}

bool report_keeps_end(const struct request *request)
{
	enum audit_level level = level_of_request(request);

	return level >= AUDIT_LEVEL_STANDARD ||
		(request->hidden != NULL && level >= AUDIT_LEVEL_VIOLATIONS) ||
		request->recording.complaint != NULL;
}

void report_end(struct request *request, const struct run_end *end)
{
	struct session *session = request->session;
	struct record record;

	if (!report_keeps_end(request))
		return;
	fill(session, RECORD_END, &record);
	fill_decision(request, &record);
	record.success = end->status == 0;
	record.status = end->status;
	record.signal = end->signal;
	record.ended_by = end->ended_by;
	record.child = end->child;
	record.transaction = end->transaction;
	record.changes = request->changes;
	record.reason = end->detail == NULL ? NULL : reason_code(REASON_GATEWAY_ERROR);
	record.result = end->result;
	if (end->detail != NULL)
		record.detail = end->detail;
	else if (end->said != NULL)
		record.detail = end->said;
	else if (request->recording.complaint != NULL)
		record.detail = request->recording.complaint;
	(void)write_record(session, &record);
}

void report_step(struct request *request, const char *step, const char *path, const char *detail,
	bool success)
{
	struct session *session = request->session;
	struct record record;

	if (level_of_request(request) < AUDIT_LEVEL_STANDARD)
		return;
	fill(session, RECORD_STEP, &record);
	record.request = request->id.text;
	record.success = success;
	record.command = request->decision.command->name;
	record.run_as = request->run_as.name;
	record.step = step;
	record.path = path;
	record.detail = detail;
	(void)write_record(session, &record);
}

int report_file(struct request *request, const struct record_file *file, bool success)
{
	struct session *session = request->session;
	struct record record;

	if (level_of_request(request) < AUDIT_LEVEL_STANDARD)
		return 0;
	fill(session, RECORD_DRIVE, &record);
	record.request = request->id.text;
	record.success = success;
	record.command =
		request->decision.command == NULL ? NULL : request->decision.command->name;
	record.run_as = request->run_as.name;
	record.file = file;
	return write_record(session, &record) == 0 ||
			       session->endpoint->audit_failure == AUDIT_FAILURE_CONTINUE
		       ? 0
		       : -1;
}

bool report_keeps_refusal(const struct session *session)
{
	return level_of(session) >= AUDIT_LEVEL_VIOLATIONS && !is_one_of_many(session);
}

void report_session(struct session *session, enum reason reason, const char *detail)
{
	struct record record;

	if (!report_keeps_refusal(session))
		return;
	fill(session, RECORD_SESSION, &record);
	record.reason = reason == REASON_PERMITTED ? NULL : reason_code(reason);
	record.detail = detail;
	(void)write_record(session, &record);
}
