/* Into the queue: once for each key, and no more than a person, and all of them, may have there. */
#include <errno.h>
#include <string.h>

#include "approval/row.h"
#include "config/digest.h"

struct requesting {
	const struct approval_subject *subject;
	const struct approval_person *person;
	char key[APPROVAL_KEY_SIZE], definition[APPROVAL_KEY_SIZE];
	struct approval_entry *entry;
};

static size_t length_of(const char *text)
{
	return text != NULL ? strlen(text) : 0;
}

static bool is_too_large(const struct approval_subject *subject)
{
	size_t words = 0;

	for (size_t i = 0; subject->words != NULL && i < subject->words->count; i++)
		words += strlen(subject->words->items[i]) + 1;
	return words > APPROVAL_TEXT_MAX || length_of(subject->text) > APPROVAL_TEXT_MAX ||
	       length_of(subject->rule) > APPROVAL_TEXT_MAX;
}

static int check_text(struct approvals *approvals, const struct approval_subject *subject)
{
	struct digest digest;
	char hash[65];

	if (is_too_large(subject))
		return store_fail(
			approvals, E2BIG, "it is larger than 1 MiB, too large for the queue");
	if (subject->kind != APPROVAL_FUNCTION)
		return 0;
	digest_begin(&digest);
	digest_bytes(&digest, subject->text != NULL ? subject->text : "", length_of(subject->text));
	if (digest_end(&digest, hash) < 0)
		return store_fail(approvals, EIO, "SHA-256 is not available");
	return subject->digest != NULL && strcmp(hash, subject->digest) == 0
		       ? 0
		       : store_fail(approvals, EINVAL,
				 "the script's text is not what its digest says");
}

static int count(struct approvals *approvals, const struct approval_person *person, int64_t *theirs,
	int64_t *all)
{
	_cleanup_sql_ struct statement statement = sql(approvals,
		"SELECT (SELECT count(*) FROM entries INDEXED BY owners WHERE owner = ? AND "
		"state = 1), pending "
		"FROM facts WHERE id = 1");

	sql_number(&statement, person_identity(person->uid, person->login_uid));
	if (sql_step(&statement) != 1)
		return -1;
	*theirs = sql_get_number(&statement);
	*all = sql_get_number(&statement);
	return 0;
}

static int check_bounds(struct approvals *approvals, const struct approval_person *person)
{
	int64_t theirs, all;

	if (count(approvals, person, &theirs, &all) < 0)
		return -1;
	if (theirs >= APPROVALS_PER_PERSON)
		return store_fail(approvals, EDQUOT, "%s has %d requests that are pending already",
			person->name, APPROVALS_PER_PERSON);
	if (all >= APPROVALS_PENDING_MAX)
		return store_fail(approvals, EDQUOT, "the approval queue is full: %d are pending",
			APPROVALS_PENDING_MAX);
	return 0;
}

static const char *text_or_empty(const char *text)
{
	return text != NULL ? text : "";
}

static struct strings terms_of(struct arena *arena, const struct approval_subject *subject)
{
	const struct strings *paths = subject->transaction;
	struct strings terms = {0};

	for (size_t i = 0; paths != NULL && i < paths->count; i++)
		strings_add(arena, &terms, arena_printf(arena, "transaction=%s", paths->items[i]));
	if (subject->rollback != NULL)
		strings_add(arena, &terms, arena_printf(arena, "rollback=%s", subject->rollback));
	if (subject->timeout != 0)
		strings_add(arena, &terms, arena_printf(arena, "timeout=%u", subject->timeout));
	return terms;
}

static void fill(struct arena *arena, const struct requesting *requesting)
{
	const struct approval_subject *subject = requesting->subject;

	*requesting->entry = (struct approval_entry){
		.key = requesting->key,
		.kind = subject->kind,
		.endpoint = text_or_empty(subject->endpoint),
		.name = text_or_empty(subject->name),
		.digest = text_or_empty(subject->digest),
		.rule = text_or_empty(subject->rule),
		.interpreter = text_or_empty(subject->interpreter),
		.run_as = text_or_empty(subject->run_as),
		.act_as = text_or_empty(subject->act_as),
		.profile = text_or_empty(subject->profile),
		.reason = text_or_empty(subject->reason),
		.decided_by = subject->decided_by,
		.uid = requesting->person->uid,
		.login_uid = requesting->person->login_uid,
		.user = requesting->person->name,
		.created = clock_seconds(),
	};
	if (subject->kind == APPROVAL_COMMAND)
		requesting->entry->argv = *subject->words;
	else
		requesting->entry->terms = terms_of(arena, subject);
}

static int add(struct approvals *approvals, const struct requesting *requesting)
{
	if (check_text(approvals, requesting->subject) < 0 ||
		check_bounds(approvals, requesting->person) < 0)
		return -1;
	fill(approvals->arena, requesting);
	return row_insert(approvals, requesting->entry, requesting->definition,
		requesting->subject->kind == APPROVAL_FUNCTION ? requesting->subject->text : NULL);
}

static int change(struct approvals *approvals, void *argument)
{
	const struct requesting *requesting = argument;
	struct approval_entry *entry = requesting->entry;
	unsigned long number;
	int row = row_alive(approvals, requesting->key, entry);

	if (row < 0 || clock_note(approvals, clock_seconds()) < 0)
		return -1;
	if (row == 1 && entry->state == APPROVAL_APPROVED)
		return 0;
	if (row == 0 && add(approvals, requesting) < 0)
		return -1;
	number = entry->number;
	entry->tries++;
	if (row_edge(approvals, entry, APPROVAL_REQUEST, requesting->person, NULL) < 0 ||
		row_add_asker(approvals, number, requesting->person) < 0)
		return -1;
	/* As it is in the arena: the key is not. */
	row = row_by_number(approvals, number, entry);
	return row == 1 ? row_votes(approvals, entry) : -1;
}

static int request(struct approvals *approvals, struct requesting *requesting)
{
	if (approval_key(requesting->subject, requesting->person, requesting->key) < 0 ||
		approval_definition(requesting->subject, requesting->definition) < 0)
		return store_fail(approvals, EIO, "SHA-256 is not available");
	return store_in_transaction(approvals, change, requesting);
}

int approvals_request(struct approvals *approvals, const struct approval_subject *subject,
	const struct approval_person *person, struct approval_entry *entry, const char **complaint)
{
	struct requesting requesting = {.subject = subject, .person = person, .entry = entry};
	int result;

	*entry = (struct approval_entry){0};
	if (store_begin(approvals, complaint) < 0)
		return -1;
	result = request(approvals, &requesting);
	if (result < 0)
		*entry = (struct approval_entry){0};
	return store_return(approvals, result, complaint);
}
