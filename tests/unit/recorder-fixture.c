#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "recorder-fixture.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "recorder/service.h"

static const char *scratch(void)
{
	const char *given = getenv("TMPDIR");

	return given == NULL ? "/tmp" : given;
}

int fixture_setup(void **state)
{
	struct problems problems = {0};
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->arena = problems.arena = arena_new();
	assert_int_equal(settings_parse(fixture->arena, "", 0, &fixture->settings, &problems), 0);
	fixture->directory = arena_printf(fixture->arena, "%s/recorder-XXXXXX", scratch());
	assert_non_null(mkdtemp(fixture->directory));
	fixture->settings.directory = fixture->directory;
	fixture->settings.audit = false; /* the host's */
	fixture->settings.journal = arena_printf(fixture->arena, "%s/journal", fixture->directory);
	fixture->settings.syslog = arena_printf(fixture->arena, "%s/syslog", fixture->directory);
	fixture->socket = arena_printf(fixture->arena, "%s/socket", fixture->directory);
	*state = fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
	(void)status;
	(void)kind;
	(void)walk;
	return remove(path);
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	fixture_kill(fixture);
	(void)nftw(fixture->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static int listen_at(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	(void)unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 128), 0);
	return fd;
}

void fixture_start(struct fixture *fixture)
{
	static struct service service;
	int listening = listen_at(fixture->socket), directory, ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	fixture->pid = fork();
	assert_true(fixture->pid >= 0);
	if (fixture->pid == 0) {
		directory = open(fixture->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (service_open(
			    &service, &fixture->settings, listening, directory, fixture->key) != 0)
			_exit(1);
		(void)!write(ready[1], "", 1);
		close(ready[0]);
		close(ready[1]);
		service_run(&service);
		_exit(0);
	}
	close(listening);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

struct recorder_client fixture_connect(struct fixture *fixture)
{
	struct recorder_client client;

	if (geteuid() != 0)
		skip(); /* its peer has to be root */
	if (fixture->pid == 0)
		fixture_start(fixture);
	client = client_connect(fixture->socket);
	assert_true(client.socket >= 0);
	return client;
}

static int end_by(struct fixture *fixture, int signal)
{
	int status = 0;

	if (fixture->pid == 0)
		return 0;
	assert_int_equal(kill(fixture->pid, signal), 0);
	assert_int_equal(waitpid(fixture->pid, &status, 0), fixture->pid);
	fixture->pid = 0;
	return status;
}

void fixture_stop(struct fixture *fixture)
{
	assert_int_equal(end_by(fixture, SIGTERM), 0);
}

void fixture_kill(struct fixture *fixture)
{
	(void)end_by(fixture, SIGKILL);
}

int fixture_has(struct fixture *fixture, const char *name)
{
	struct stat status;

	return lstat(arena_printf(fixture->arena, "%s/%s", fixture->directory, name), &status) == 0;
}

char *fixture_read(struct fixture *fixture, const char *name)
{
	size_t length = 0;
	char *text = fd_read_file(fixture->arena,
		arena_printf(fixture->arena, "%s/%s", fixture->directory, name), SIZE_MAX / 2,
		&length);

	if (text == NULL)
		fail_msg("%s: %s", name, strerror(errno));
	return text;
}

char *fixture_find(struct fixture *fixture, const char *prefix)
{
	DIR *directory = opendir(fixture->directory);
	struct dirent *entry;
	char *found = NULL;

	assert_non_null(directory);
	while (found == NULL && (entry = readdir(directory)) != NULL)
		if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0)
			found = arena_strdup(fixture->arena, entry->d_name);
	closedir(directory);
	if (found == NULL)
		fail_msg("there is no %s…", prefix);
	return found;
}

const char *fixture_sha256(struct fixture *fixture, const char *text)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	char *digits = arena_alloc(fixture->arena, 2 * sizeof(hash) + 1);
	unsigned size = 0;

	assert_int_equal(EVP_Digest(text, strlen(text), hash, &size, EVP_sha256(), NULL), 1);
	for (unsigned i = 0; i < size; i++)
		(void)snprintf(digits + 2 * (size_t)i, 3, "%02x", hash[i]);
	return digits;
}

static int is_older(const struct dirent *entry)
{
	return ledger_sequence_of(entry->d_name) != 0;
}

char *fixture_log(struct fixture *fixture)
{
	struct dirent **names = NULL;
	int count = scandir(fixture->directory, &names, is_older, alphasort);
	char *text = arena_strdup(fixture->arena, "");

	for (int i = 0; i < count; i++) {
		text = arena_printf(
			fixture->arena, "%s%s", text, fixture_read(fixture, names[i]->d_name));
		free(names[i]);
	}
	free(names);
	return fixture_has(fixture, LEDGER_NAME) ? arena_printf(fixture->arena, "%s%s", text,
							   fixture_read(fixture, LEDGER_NAME))
						 : text;
}

static size_t find(struct fixture *fixture, const char *text, char **last)
{
	char *log = fixture_log(fixture), *line;
	size_t count = 0;

	*last = NULL;
	while ((line = strsep(&log, "\n")) != NULL)
		if (strstr(line, text) != NULL) {
			*last = line;
			count++;
		}
	return count;
}

size_t fixture_count(struct fixture *fixture, const char *text)
{
	char *last;

	return find(fixture, text, &last);
}

char *fixture_line(struct fixture *fixture, const char *text)
{
	char *last;

	if (find(fixture, text, &last) == 0)
		fail_msg("there is no event with %s", text);
	return last;
}

uint64_t fixture_verify(struct fixture *fixture)
{
	char *log = fixture_log(fixture), *line = strsep(&log, "\n");
	struct chain chain = chain_start;
	struct chain_link link;

	assert_int_equal(chain_read(line, strlen(line), &link), CHAIN_GOOD);
	chain.next = link.sequence;
	memcpy(chain.last, link.prev, sizeof(chain.last));
	for (; line != NULL && *line != '\0'; line = strsep(&log, "\n")) {
		enum chain_result result = chain_check(&chain, line, strlen(line), &link);

		if (result != CHAIN_GOOD)
			fail_msg("%s: %s", chain_result_text(result), line);
	}
	return chain.next - 1;
}
