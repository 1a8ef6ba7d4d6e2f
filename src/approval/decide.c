/*
 * A person decides. Who may is said twice, by the configuration as it was when the entry came to
 * the queue and as it is now, and the stricter of the two holds: neither of them can be loosened
 * for an entry after the fact.
 */
#include <errno.h>
#include <string.h>

#include "approval/row.h"

struct deciding {
	const struct approval_decision *decision;
	const struct approval_person *person;
	struct approval_entry *entry;
	time_t now;
};

static bool is_member(const struct approval_person *person, const struct strings *groups)
{
	for (size_t i = 0; i < person->groups.count; i++)
		if (strings_contain(groups, person->groups.items[i]))
			return true;
	return false;
}

static int check_group(struct approvals *approvals, const struct deciding *deciding)
{
	const struct approval_person *person = deciding->person;
	const struct approval_rule *now = deciding->decision->now;

	if (person->root || (is_member(person, &deciding->entry->decided_by.groups) &&
				    (now == NULL || is_member(person, &now->groups))))
		return 0;
	return store_fail(approvals, EPERM, "%s is not of a group that decides about number %lu",
		person->name, deciding->entry->number);
}

static bool may_be_self(const struct deciding *deciding)
{
	return deciding->entry->decided_by.self_approval && deciding->decision->now->self_approval;
}

static bool is_among(const struct approval_person *person, const struct row_persons *askers)
{
	for (size_t i = 0; i < askers->count; i++)
		if (person_is_asker(person, &askers->items[i]))
			return true;
	return false;
}

/* Not for who asked, by whichever account; and once for each person. */
static int check_vote(struct approvals *approvals, const struct deciding *deciding,
	const struct row_persons *askers, const struct row_persons *voters)
{
	const struct approval_person *person = deciding->person;
	uid_t identity = person_identity(person->uid, person->login_uid);

	if (!may_be_self(deciding) && is_among(person, askers))
		return store_fail(approvals, EPERM,
			"%s asked for number %lu, or is logged in as who did: somebody else has to "
			"approve it",
			person->name, deciding->entry->number);
	for (size_t i = 0; i < voters->count; i++) {
		const struct row_person *voter = &voters->items[i];
		const char *role = deciding->decision->role;

		if (person_identity(voter->uid, voter->login_uid) == identity)
			return store_fail(approvals, EALREADY,
				"%s has agreed to number %lu already: another person has to",
				person->name, deciding->entry->number);
		if (strcmp(role != NULL ? role : "", voter->role != NULL ? voter->role : "") != 0)
			return store_fail(approvals, EINVAL,
				"%s agreed to number %lu %s%s: all have to say the same --role",
				voter->name, deciding->entry->number,
				voter->role != NULL ? "with --role " : "without --role",
				voter->role != NULL ? voter->role : "");
	}
	return 0;
}

/* Somebody who agreed, and asked for it since, has no say any more. */
static unsigned count_votes(const struct deciding *deciding, const struct row_persons *askers,
	const struct row_persons *voters)
{
	unsigned votes = 0;

	for (size_t i = 0; i < voters->count; i++) {
		struct approval_person voter = {
			.uid = voters->items[i].uid, .login_uid = voters->items[i].login_uid};

		votes += may_be_self(deciding) || !is_among(&voter, askers);
	}
	return votes;
}

static unsigned votes_needed(const struct deciding *deciding)
{
	unsigned then = deciding->entry->decided_by.approvers;
	unsigned now = deciding->decision->now->approvers;
	unsigned most = then > now ? then : now;

	return most > 0 ? most : 1;
}

/* What each of them agreed to at the most. */
static void take_strictest(
	struct approval_entry *entry, const struct row_persons *voters, time_t now)
{
	time_t lasts = 0;

	for (size_t i = 0; i < voters->count; i++) {
		const struct row_person *voter = &voters->items[i];

		if (voter->lasts > 0 && (lasts == 0 || voter->lasts < lasts))
			lasts = voter->lasts;
		entry->once |= voter->once;
		entry->as_caller_only |= voter->as_caller_only;
		entry->role = voter->role;
	}
	entry->approved = now;
	entry->expires = lasts > 0 ? now + lasts : 0;
}

static int vote(struct approvals *approvals, const struct deciding *deciding,
	struct row_persons *askers, struct row_persons *voters)
{
	const struct approval_decision *decision = deciding->decision;
	struct row_person voter = {.uid = deciding->person->uid,
		.login_uid = deciding->person->login_uid,
		.name = deciding->person->name,
		.lasts = decision->lasts,
		.once = decision->once,
		.as_caller_only = decision->as_caller_only,
		.role = decision->role};

	if (row_askers(approvals, deciding->entry->number, askers) < 0 ||
		row_voters(approvals, deciding->entry->number, voters) < 0 ||
		check_vote(approvals, deciding, askers, voters) < 0 ||
		row_add_voter(approvals, deciding->entry->number, &voter) < 0)
		return -1;
	return row_voters(approvals, deciding->entry->number, voters);
}

/* The last edge: told when nothing but the commit can fail any more. */
static int take_edge(
	struct approvals *approvals, const struct deciding *deciding, enum approval_event event)
{
	const struct approval_decision *decision = deciding->decision;
	struct approval_entry *entry = deciding->entry, after = *entry;
	const char *complaint = "it could not be prepared";

	after.state = approval_next(entry->state, event);
	if (after.state != APPROVAL_NONE && decision->prepare != NULL &&
		decision->prepare(decision->context, &after, event, &complaint) != 0)
		return store_fail(approvals, EINVAL, "%s", complaint);
	return row_edge(approvals, entry, event, deciding->person, decision->reason);
}

static int approve(struct approvals *approvals, struct deciding *deciding)
{
	struct approval_entry *entry = deciding->entry;
	const char *reason = deciding->decision->reason;
	struct row_persons askers, voters;

	if (strncmp(entry->key, "sha256:", 7) != 0)
		return store_fail(approvals, ESTALE,
			"number %lu was asked for under a key of another kind: it has to be asked "
			"for again",
			entry->number);
	if (deciding->decision->now == NULL)
		return store_fail(approvals, EPERM,
			"the configuration has nothing any more that number %lu could be approved "
			"for",
			entry->number);
	if (approval_next(entry->state, APPROVAL_VOTE) == APPROVAL_NONE)
		return row_edge(approvals, entry, APPROVAL_VOTE, deciding->person, reason);
	if (vote(approvals, deciding, &askers, &voters) < 0)
		return -1;
	if (count_votes(deciding, &askers, &voters) < votes_needed(deciding))
		return row_edge(approvals, entry, APPROVAL_VOTE, deciding->person, reason);
	take_strictest(entry, &voters, deciding->now);
	return take_edge(approvals, deciding, APPROVAL_APPROVE);
}

static int end(struct approvals *approvals, struct deciding *deciding)
{
	const struct approval_decision *decision = deciding->decision;
	struct approval_entry *entry = deciding->entry;

	if (decision->reject)
		return row_edge(
			approvals, entry, APPROVAL_REJECT, deciding->person, decision->reason);
	if (entry->state == APPROVAL_PENDING)
		return store_fail(approvals, EINVAL,
			"number %lu is pending: it can be rejected, not revoked", entry->number);
	return take_edge(approvals, deciding, APPROVAL_REVOKE);
}

static int read_entry(struct approvals *approvals, struct deciding *deciding)
{
	int row = row_by_number(approvals, deciding->decision->number, deciding->entry);

	if (row == 0)
		return store_fail(approvals, ENOENT, "there is no number %lu in the queue",
			deciding->decision->number);
	return row < 0 ? -1 : check_group(approvals, deciding);
}

static int change(struct approvals *approvals, void *argument)
{
	struct deciding *deciding = argument;
	bool ends = deciding->decision->reject || deciding->decision->revoke;

	if (read_entry(approvals, deciding) < 0)
		return -1;
	deciding->entry->decided = deciding->now;
	deciding->entry->decided_who = deciding->person->name;
	deciding->entry->decision = deciding->decision->reason;
	if ((ends ? end(approvals, deciding) : approve(approvals, deciding)) < 0)
		return -1;
	/* Only now: of a decision that is refused no other edge may have been told. */
	if (clock_decides(approvals, deciding->now, deciding->entry, deciding->person) < 0)
		return -1;
	if (row_votes(approvals, deciding->entry) < 0)
		return -1;
	if (deciding->decision->revoke && deciding->decision->withdraw != NULL)
		deciding->decision->withdraw(deciding->decision->context, deciding->entry);
	return 0;
}

static int check_words(struct approvals *approvals, const struct approval_decision *decision)
{
	size_t length = decision->reason != NULL ? strlen(decision->reason) : 0;

	if (length == 0 || length > APPROVAL_REASON_MAX)
		return store_fail(approvals, EINVAL, "a decision needs a reason, of 1 to %d bytes",
			APPROVAL_REASON_MAX);
	if (decision->lasts < 0 || decision->lasts > APPROVAL_LASTS_MAX)
		return store_fail(approvals, EINVAL, "an approval lasts 366 days at the most");
	return 0;
}

int approvals_decide(struct approvals *approvals, const struct approval_decision *decision,
	const struct approval_person *person, struct approval_entry *entry, const char **complaint)
{
	struct deciding deciding = {
		.decision = decision, .person = person, .entry = entry, .now = clock_seconds()};
	int result = store_begin(approvals, complaint);

	*entry = (struct approval_entry){0};
	if (result == 0)
		result = check_words(approvals, decision);
	if (result == 0)
		result = store_in_transaction(approvals, change, &deciding);
	return store_return(approvals, result, complaint);
}
