#include "approval/verb.h"

#include <errno.h>
#include <string.h>

#include "answer/json_out.h"
#include "approval/verb_parts.h"
#include "approval/verb_words.h"
#include "base/text.h"

enum {
	STATUS_OK = 0,
	STATUS_REFUSED = 1,
	STATUS_WRONG = 2,
	SCANNED_MAX = 20000, /* entries that are looked through for those that a person may see */
};

struct carrying {
	const struct approval_desk *desk;
	struct verb_words words;
	struct approval_answer *answer;
	struct output output;
	int granted; /* what the roles' files came to: as approval_grants' commit */
	const char *news, *left;
};

static void fail(struct carrying *carrying, int status, const char *complaint)
{
	struct output output = {.arena = carrying->desk->arena};

	if (carrying->words.json) {
		json_out_open(&output, NULL, '{');
		json_out_string(&output, "error", complaint);
		json_out_close(&output, '}');
	} else {
		output_text(&output, verb_escape(output.arena, complaint));
	}
	output_text(&output, "\n");
	*carrying->answer = (struct approval_answer){
		.status = status, .text = output_end(&output), .failed = true};
}

static int fetch(
	struct carrying *carrying, size_t limit, struct approval_entry **entries, size_t *count)
{
	const char *complaint = NULL;

	*count = 0;
	if (carrying->desk->approvals == NULL ||
		approvals_list(carrying->desk->approvals, carrying->words.state,
			carrying->words.before, limit, entries, count, &complaint) == 0)
		return 0;
	fail(carrying, STATUS_REFUSED, complaint);
	return -1;
}

/* Others' requests are not for everybody to read: they hold what was typed. */
static void list(struct carrying *carrying)
{
	struct arena *arena = carrying->desk->arena;
	struct approval_entry *entries = NULL, *found = NULL;
	size_t count = 0, seen = 0, scanned = 0, limit = carrying->words.limit;
	size_t batch = limit > VERB_LIMIT_DEFAULT ? limit : VERB_LIMIT_DEFAULT;
	const char *state = carrying->words.state == APPROVAL_NONE
				    ? "in the queue"
				    : approval_state_name(carrying->words.state);

	do {
		if (fetch(carrying, batch, &entries, &count) < 0)
			return;
		for (size_t i = 0; i < count && seen < limit; i++) {
			if (!verb_may_see(carrying->desk, &entries[i]))
				continue;
			found = arena_grow(arena, found, seen, sizeof(*found));
			(void)verb_sees_all(carrying->desk->person, &entries[i]);
			found[seen++] = entries[i];
		}
		scanned += count;
		if (count > 0)
			carrying->words.before = entries[count - 1].number;
	} while (count == batch && seen < limit && scanned < SCANNED_MAX);
	if (carrying->words.json)
		verb_list_json(&carrying->output, carrying->desk->person, found, seen);
	else
		verb_list_text(&carrying->output, found, seen, state);
	if (!carrying->words.json && (count == batch || seen == limit))
		verb_add(&carrying->output, "there may be more: --before %lu\n",
			found != NULL && seen == limit ? found[seen - 1].number : carrying->words.before);
}

/* One that the person may see; for any other number the answer is the same (R24). */
static int get(struct carrying *carrying, struct approval_entry *entry)
{
	const struct approval_desk *desk = carrying->desk;
	unsigned long number = carrying->words.decision.number;
	const char *complaint = NULL;
	int error = ENOENT;

	if (desk->approvals != NULL) {
		error = approvals_get(desk->approvals, number, entry, &complaint) == 0 ? 0 : errno;
		if (error == 0 && verb_may_see(desk, entry))
			return 0;
	}
	if (error == 0 || error == ENOENT)
		complaint = arena_printf(desk->arena,
			"there is no number %lu in the queue that you may see", number);
	fail(carrying, STATUS_REFUSED, complaint);
	return -1;
}

static void show(struct carrying *carrying)
{
	struct approval_entry *entry = arena_alloc(carrying->desk->arena, sizeof(*entry));
	const char *complaint = NULL;
	struct verb_view view = {.entry = entry, .part = true};

	if (get(carrying, entry) < 0)
		return;
	if (verb_sees_all(carrying->desk->person, entry) &&
		verb_view_fill(carrying->desk, entry, &view, &complaint) < 0)
		fail(carrying, STATUS_REFUSED, complaint);
	else if (carrying->words.json)
		verb_show_json(&carrying->output, &view);
	else
		verb_show_text(&carrying->output, &view);
}

/* Only what is approved for good becomes a role's; the rest is the queue's to look after. */
static int prepare(void *context, const struct approval_entry *entry, enum approval_event event,
	const char **complaint)
{
	const struct carrying *carrying = context;
	const struct approval_grants *grants = carrying->desk->grants;

	if (grants == NULL || entry->kind != APPROVAL_COMMAND)
		return 0;
	if (event == APPROVAL_APPROVE && (entry->expires > 0 || entry->once))
		return 0;
	return grants->prepare(grants->context, entry, event, carrying->desk->person, complaint);
}

static void commit(struct carrying *carrying, const struct approval_entry *entry)
{
	const struct approval_grants *grants = carrying->desk->grants;

	if (grants != NULL && entry->kind == APPROVAL_COMMAND)
		carrying->granted =
			grants->commit(grants->context, &carrying->news, &carrying->left);
}

static void withdraw(void *context, const struct approval_entry *entry)
{
	commit(context, entry);
}

static const char *outcome(struct arena *arena, const struct approval_entry *entry)
{
	if (entry->state == APPROVAL_PENDING)
		return arena_printf(arena, "number %lu: agreed by %s; more have to", entry->number,
			strings_join(arena, &entry->votes, ", "));
	if (entry->state != APPROVAL_APPROVED)
		return arena_printf(arena, "number %lu is %s", entry->number,
			approval_state_name(entry->state));
	return arena_printf(arena, "number %lu is approved%s%s%s%s", entry->number,
		entry->expires > 0 ? " until "
		: !entry->once	   ? " for good"
				   : "",
		entry->expires > 0 ? verb_time(arena, entry->expires) : "",
		entry->once ? " for one run" : "",
		entry->as_caller_only ? ", under the caller's own account only" : "");
}

static void tell(struct carrying *carrying, const struct approval_entry *entry)
{
	const char *news = carrying->granted > 0 ? carrying->news : NULL;
	const char *complaint = carrying->granted < 0 ? carrying->left : NULL;
	struct output *output = &carrying->output;
	struct arena *arena = carrying->desk->arena;

	if (carrying->words.json) {
		json_out_open(output, NULL, '{');
		verb_entry_json(output, entry, verb_decides(carrying->desk->person, entry));
		json_out_string(output, "news", news);
		json_out_string(output, "error", complaint);
		json_out_close(output, '}');
		output_text(output, "\n");
		return;
	}
	verb_add(output, "%s\n", verb_escape(arena, outcome(arena, entry)));
	for (size_t length; news != NULL && *news != '\0';
		news += length + (news[length] == '\n')) {
		length = strcspn(news, "\n");
		verb_add(output, "%s\n", text_escape(arena, news, length));
	}
	if (complaint != NULL)
		verb_add(output, "but the configuration could not be changed: %s\n",
			verb_escape(arena, complaint));
}

static enum approval_event event_of(const struct approval_decision *decision)
{
	if (decision->reject)
		return APPROVAL_REJECT;
	return decision->revoke ? APPROVAL_REVOKE : APPROVAL_APPROVE;
}

static void tell_refused(struct carrying *carrying, const struct approval_decision *decision,
	const struct approval_entry *before, const char *complaint)
{
	const struct approval_desk *desk = carrying->desk;
	bool taken = carrying->granted > 0;

	if (desk->refused != NULL)
		desk->refused(
			desk->refused_context, before, event_of(decision), desk->person, complaint);
	fail(carrying, STATUS_REFUSED,
		!taken ? complaint
		       : arena_printf(desk->arena, "%s; %s, but number %lu has to be revoked again",
				 complaint, carrying->news, before->number));
	carrying->answer->changed = taken;
}

static void carry_out(struct carrying *carrying, const struct approval_decision *decision,
	const struct approval_entry *before)
{
	const struct approval_desk *desk = carrying->desk;
	const char *complaint = NULL;
	struct approval_entry entry;

	if (approvals_decide(desk->approvals, decision, desk->person, &entry, &complaint) < 0) {
		tell_refused(carrying, decision, before, complaint);
		return;
	}
	if (!decision->revoke)
		commit(carrying, &entry);
	carrying->answer->changed = carrying->granted > 0;
	if (carrying->granted < 0)
		carrying->answer->status = STATUS_REFUSED;
	tell(carrying, &entry);
}

/* What one endpoint asks of who approves there is not passed by way of another. */
static bool is_elsewhere(struct carrying *carrying, const struct approval_entry *entry)
{
	const struct approval_desk *desk = carrying->desk;
	const char *complaint;

	if (desk->endpoint == NULL || strcmp(desk->endpoint, entry->endpoint) == 0)
		return false;
	complaint = arena_printf(desk->arena, "number %lu is decided at the endpoint %s: say -e %s",
		entry->number, entry->endpoint, entry->endpoint);
	if (desk->refused != NULL)
		desk->refused(desk->refused_context, entry, event_of(&carrying->words.decision),
			desk->person, complaint);
	fail(carrying, STATUS_REFUSED, complaint);
	return true;
}

static void decide(struct carrying *carrying)
{
	const struct approval_desk *desk = carrying->desk;
	struct approval_decision *decision = &carrying->words.decision;
	struct approval_entry entry;

	if (get(carrying, &entry) < 0 || is_elsewhere(carrying, &entry))
		return;
	if (decision->role != NULL && entry.kind == APPROVAL_FUNCTION) {
		fail(carrying, STATUS_WRONG,
			"--role is for commands: a function is granted by roles already");
		return;
	}
	decision->now = verb_rule_now(desk, &entry);
	decision->prepare = prepare;
	decision->withdraw = withdraw;
	decision->context = carrying;
	carry_out(carrying, decision, &entry);
	if (desk->grants != NULL && desk->grants->close != NULL)
		desk->grants->close(desk->grants->context);
}

void approval_verb(const struct approval_desk *desk, const struct strings *words, bool json,
	struct approval_answer *answer)
{
	struct carrying carrying = {
		.desk = desk, .answer = answer, .output = {.arena = desk->arena}};
	const char *complaint = NULL;

	*answer = (struct approval_answer){.status = STATUS_OK};
	if (verb_words_parse(desk->arena, words, &carrying.words, &complaint) < 0) {
		carrying.words.json |= json;
		fail(&carrying, STATUS_WRONG, complaint);
		return;
	}
	carrying.words.json |= json;
	switch (carrying.words.kind) {
	case VERB_LIST:
		list(&carrying);
		break;
	case VERB_SHOW:
		show(&carrying);
		break;
	default:
		decide(&carrying);
	}
	if (!answer->failed)
		answer->text = output_end(&carrying.output);
}
