#include "queue-fixture.h"

#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "config/digest.h"
#include "config/trust.h"

time_t queue_clock_offset;

static const char *const groups[] = {"reviewers", "staff"};

const struct approval_rule queue_rule = {.required = true,
	.learn = true,
	.approvers = 1,
	.groups = {(const char **)(uintptr_t)groups, 1}};

static time_t started;

time_t queue_now(void)
{
	return started + queue_clock_offset;
}

static struct approval_person person(uid_t uid, uid_t login_uid, const char *name, bool reviews)
{
	return (struct approval_person){.uid = uid,
		.login_uid = login_uid,
		.name = name,
		.groups = {(const char **)(uintptr_t)(reviews ? groups : groups + 1), 1},
		.root = uid == 0};
}

/* Tests are root's; /tmp is everybody's. */
static bool make_base(struct queue_fixture *fixture)
{
	static const char *const places[] = {"/run", "/var/lib", "/root"};
	const char *complaint;

	for (size_t i = 0; geteuid() == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		_cleanup_fd_ int fd = trust_open(fixture->arena, places[i], O_PATH, &complaint);

		snprintf(fixture->base, sizeof(fixture->base), "%s/rolegate-queue-XXXXXX",
			places[i]);
		if (fd >= 0 && mkdtemp(fixture->base) != NULL)
			return true;
	}
	fixture->base[0] = '\0';
	return false;
}

int queue_set_up(void **state)
{
	struct queue_fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->arena = arena_new();
	*state = fixture;
	umask(022);
	queue_clock_offset = 0;
	started = time(NULL);
	approvals_set_clock(queue_now);
	fixture->persons[DANA] = person(1001, 1001, "dana", false);
	fixture->persons[ERIN] = person(1002, 1002, "erin", true);
	fixture->persons[FRANK] = person(1003, 1003, "frank", true);
	fixture->persons[GRACE] = person(1004, 1004, "grace", true);
	fixture->persons[ROOT_ERIN] = person(0, 1002, "erin", true);
	if (!make_base(fixture))
		return 0;
	snprintf(fixture->directory, sizeof(fixture->directory), "%s/state/approvals",
		fixture->base);
	approvals_set_directory(fixture->directory);
	queue_open(fixture);
	return 0;
}

int queue_tear_down(void **state)
{
	struct queue_fixture *fixture = *state;

	approvals_close(fixture->approvals);
	if (fixture->base[0] != '\0') {
		char *command = arena_printf(fixture->arena, "rm -rf '%s'", fixture->base);

		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	}
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

void queue_open(struct queue_fixture *fixture)
{
	approvals_close(fixture->approvals);
	fixture->approvals = approvals_open(fixture->arena, true, &fixture->complaint);
	if (fixture->approvals == NULL)
		fail_msg("%s", fixture->complaint);
}

static const char *database(struct queue_fixture *fixture)
{
	return arena_printf(fixture->arena, "%s/queue.db", fixture->directory);
}

char *queue_read(struct queue_fixture *fixture, size_t *length)
{
	char *bytes = fd_read_file(fixture->arena, database(fixture), 64 * 1024 * 1024, length);

	assert_non_null(bytes);
	return bytes;
}

void queue_write(struct queue_fixture *fixture, const char *bytes, size_t length)
{
	_cleanup_fd_ int fd =
		open(database(fixture), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, bytes, length), 0);
}

int queue_sql(struct queue_fixture *fixture, const char *text)
{
	sqlite3 *db = NULL;
	int result = sqlite3_open(database(fixture), &db);

	if (result == SQLITE_OK)
		result = sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
	return result;
}

struct approval_subject queue_function(
	struct queue_fixture *fixture, const char *name, const char *text)
{
	char *hash = arena_alloc(fixture->arena, 65);
	struct digest digest;

	digest_begin(&digest);
	digest_bytes(&digest, text, strlen(text));
	assert_int_equal(digest_end(&digest, hash), 0);
	return (struct approval_subject){.kind = APPROVAL_FUNCTION,
		.endpoint = "operations",
		.name = name,
		.text = text,
		.digest = hash,
		.rule = "node string\n",
		.interpreter = "/bin/sh",
		.run_as = "svc-ops",
		.profile = "standard",
		.reason = "pending-approval",
		.decided_by = queue_rule};
}

struct approval_subject queue_command(struct queue_fixture *fixture, const char *words)
{
	struct strings *list = arena_alloc(fixture->arena, sizeof(*list));
	char *copy = arena_strdup(fixture->arena, words), *word;

	while ((word = strsep(&copy, " ")) != NULL)
		strings_add(fixture->arena, list, word);
	return (struct approval_subject){.kind = APPROVAL_COMMAND,
		.endpoint = "operations",
		.name = list->items[0],
		.words = list,
		.run_as = "svc-ops",
		.profile = "standard",
		.reason = "not-permitted",
		.decided_by = queue_rule};
}

int queue_ask(struct queue_fixture *fixture, const struct approval_subject *subject,
	enum queue_who who, bool use, struct approval_entry *entry)
{
	return approvals_ask(fixture->approvals, subject, &fixture->persons[who], use, entry,
		&fixture->complaint);
}

unsigned long queue_request(
	struct queue_fixture *fixture, const struct approval_subject *subject, enum queue_who who)
{
	struct approval_entry entry;

	return approvals_request(fixture->approvals, subject, &fixture->persons[who], &entry,
		       &fixture->complaint) == 0
		       ? entry.number
		       : 0;
}

int queue_decide(
	struct queue_fixture *fixture, const struct approval_decision *decision, enum queue_who who)
{
	struct approval_entry entry;

	return approvals_decide(
		fixture->approvals, decision, &fixture->persons[who], &entry, &fixture->complaint);
}

int queue_approve(struct queue_fixture *fixture, unsigned long number, enum queue_who who)
{
	struct approval_decision decision = {
		.number = number, .reason = "ticket 7", .now = &queue_rule};

	return queue_decide(fixture, &decision, who);
}

enum approval_state queue_state(struct queue_fixture *fixture, unsigned long number)
{
	struct approval_entry entry;

	if (approvals_get(fixture->approvals, number, &entry, &fixture->complaint) < 0)
		fail_msg("%s", fixture->complaint);
	return entry.state;
}
