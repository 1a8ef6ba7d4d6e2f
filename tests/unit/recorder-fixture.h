/* A recorder of a test's own: a process with a socket and a directory that nobody else has. */
#ifndef ROLEGATE_TEST_RECORDER_FIXTURE_H
#define ROLEGATE_TEST_RECORDER_FIXTURE_H

#include <sys/types.h>

#include "recorder-client.h"
#include "recorder/proof.h"
#include "recorder/settings.h"

struct fixture {
	struct arena *arena;
	struct settings settings;
	char *directory, *socket;
	const struct proof_key *key; /* NULL: nothing is signed */
	pid_t pid;		     /* of the recorder; 0: none runs */
};

/* The setup and teardown of a case, whose state it is. */
int fixture_setup(void **state);
int fixture_teardown(void **state);
#define FIXTURE_TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

/* The recorder, from here on, with the fixture's settings. fixture_connect() starts it too. */
void fixture_start(struct fixture *fixture);
struct recorder_client fixture_connect(struct fixture *fixture);
/* SIGTERM, and its end; SIGKILL. */
void fixture_stop(struct fixture *fixture);
void fixture_kill(struct fixture *fixture);
/* A file of the directory; fails the case when there is none. */
char *fixture_read(struct fixture *fixture, const char *name);
/* Whether there is one. */
int fixture_has(struct fixture *fixture, const char *name);
/* The name in the directory that begins so; fails the case when there is none. */
char *fixture_find(struct fixture *fixture, const char *prefix);
const char *fixture_sha256(struct fixture *fixture, const char *text);
/* The lines of all files of the log, in their order; which have `text` in them; the last of them.
 */
char *fixture_log(struct fixture *fixture);
size_t fixture_count(struct fixture *fixture, const char *text);
char *fixture_line(struct fixture *fixture, const char *text);
/* Every line of the log is the chain's next, over all files: the seq of the last one. */
uint64_t fixture_verify(struct fixture *fixture);

#endif
