/* What an approval is bound to, as one number: no two different subjects have the same. */
#include <stdio.h>
#include <string.h>

#include "approval/row.h"
#include "config/digest.h"

static void add(struct digest *digest, const char *name, const char *value)
{
	digest_file(digest, name, value != NULL ? value : "", value != NULL ? strlen(value) : 0);
}

static void add_number(struct digest *digest, const char *name, unsigned number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	add(digest, name, text);
}

static int end(struct digest *digest, char key[APPROVAL_KEY_SIZE])
{
	int length = snprintf(key, APPROVAL_KEY_SIZE, "sha256:");

	return digest_end(digest, key + length);
}

static void add_definition(struct digest *digest, const struct approval_subject *subject)
{
	add(digest, "script", subject->digest);
	add(digest, "rule", subject->rule);
	add(digest, "interpreter", subject->interpreter);
	for (size_t i = 0; subject->transaction != NULL && i < subject->transaction->count; i++)
		add(digest, "transaction", subject->transaction->items[i]);
	add(digest, "rollback", subject->rollback);
	add_number(digest, "timeout", subject->timeout);
}

/* Its profile may be the endpoint's: at another one it is no change. */
static void add_function(struct digest *digest, const struct approval_subject *subject)
{
	add_definition(digest, subject);
	add(digest, "profile", subject->profile);
}

static void add_command(struct digest *digest, const struct approval_subject *subject,
	const struct approval_person *person)
{
	add_number(digest, "uid", person->uid);
	add_number(digest, "login uid", person->login_uid);
	for (size_t i = 0; i < subject->words->count; i++)
		add(digest, "word", subject->words->items[i]);
}

int approval_definition(const struct approval_subject *subject, char key[APPROVAL_KEY_SIZE])
{
	struct digest digest;

	digest_begin(&digest);
	add_definition(&digest, subject);
	return end(&digest, key);
}

int approval_key(const struct approval_subject *subject, const struct approval_person *person,
	char key[APPROVAL_KEY_SIZE])
{
	struct digest digest;

	digest_begin(&digest);
	add(&digest, "kind", subject->kind == APPROVAL_FUNCTION ? "function" : "command");
	add(&digest, "endpoint", subject->endpoint);
	add(&digest, "name", subject->name);
	add(&digest, "run as", subject->run_as);
	add(&digest, "act as", subject->act_as);
	if (subject->kind == APPROVAL_FUNCTION)
		add_function(&digest, subject);
	else
		add_command(&digest, subject, person);
	return end(&digest, key);
}
