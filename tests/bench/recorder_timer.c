/*
 * How fast a recorder takes events and transcripts, over its own protocol, and what a line costs.
 *
 * usage: recorder_timer [DIRECTORY-FOR-ITS-FILES]      as root; in TMPDIR without one
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../unit/recorder-client.h"
#include "base/message.h"
#include "recorder/service.h"

static const char event[] =
	"{\"time\":\"2026-11-29T00:00:00.000Z\",\"host\":\"jump\",\"op\":\"decision\",\"req\":"
	"\"0123456789abcdef0123456789abcdef\",\"endpoint\":\"operations\",\"acct\":\"dana\",\"id\":"
	"1000,\"oauid\":1000,\"oses\":7,\"opid\":321,\"role\":\"web-operator,log-reader\","
	"\"runas\":"
	"\"svc-logs\",\"cwd\":\"/\",\"cmd\":\"/usr/bin/journalctl --no-pager -u nginx.service\","
	"\"res\":\"success\"}";
static const char header[] = "{\"version\":2,\"width\":80,\"height\":24}";
static const char limits[] = "transcripts = { maximum_size = \"4G\"; };";
static char place[90];
static clockid_t recorder_clock; /* its processor time */

enum { EVENTS = 100000, STREAM = 1 << 30, PIECE = 32 * 1024, SHORT = 5000 };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double spent(void)
{
	struct timespec time = {0};

	clock_gettime(recorder_clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static pid_t start(const char *path)
{
	static struct service service;
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int listening = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0), directory;
	struct problems problems = {.arena = arena_new()};
	static struct settings settings;
	pid_t pid;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (bind(listening, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(listening, 128) != 0)
		message_die(1, "%s: %m", path);
	settings_parse(problems.arena, limits, strlen(limits), &settings, &problems);
	settings.audit = false;
	settings.directory = place;
	pid = fork();
	if (pid != 0) {
		close(listening);
		return pid;
	}
	directory = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (service_open(&service, &settings, listening, directory, NULL) != 0)
		_exit(1);
	service_run(&service);
	_exit(0);
}

static void events(const char *path, int writers)
{
	double begin = now(), used = spent();

	for (int i = 0; i < writers; i++) {
		struct recorder_client client;
		struct recorder_answer answer;

		if (fork() != 0)
			continue;
		client = client_connect(path);
		for (int j = 0; j < EVENTS / writers; j++) {
			struct arena *kept = client.arena;

			client.arena = arena_new();
			if (client_event(&client, event) != 0 ||
				client_answer(&client, &answer) != 0 || !answer.taken)
				_exit(1);
			arena_free(client.arena);
			client.arena = kept;
		}
		_exit(0);
	}
	while (wait(NULL) > 0 && --writers > 0)
		;
	printf("%.0f events/s, %.1f us of the recorder's processor each\n",
		EVENTS / (now() - begin), (spent() - used) / EVENTS * 1e6);
}

static void stream(const char *path, const char *name, const char *bytes)
{
	struct recorder_client client = client_connect(path);
	struct recorder_answer answer;
	char request[33];
	static unsigned count;
	double begin = now(), used = spent();

	snprintf(request, sizeof(request), "%032x", ++count);
	client_open(&client, request, 0, header, 0);
	client_answer(&client, &answer);
	for (int i = 0; i < STREAM / 4 / PIECE; i++)
		if (client_data(&client, 'o', (uint64_t)i, bytes, PIECE) != 0)
			message_die(1, "stream: %m");
	client_end(&client, 1, "end");
	client_answer(&client, &answer);
	printf("%s: %.0f MB/s, %.0f MB per second of processor, file of %llu MB%s\n", name,
		STREAM / 4 / 1e6 / (now() - begin), STREAM / 4 / 1e6 / (spent() - used),
		(unsigned long long)answer.number / 1000000, answer.taken ? "" : " (failed)");
	client_close(&client);
}

static void short_ones(const char *path)
{
	struct recorder_client client = client_connect(path);
	struct recorder_answer answer;
	double begin = now(), used = spent();

	for (unsigned i = 0; i < SHORT; i++) {
		char request[33];

		snprintf(request, sizeof(request), "%016x%016x", i, 1);
		client_open(&client, request, 1, header, 0);
		client_answer(&client, &answer);
		client_data(&client, 'o', 1, "hello\r\n", 7);
		client_end(&client, 1, "end");
		if (client_answer(&client, &answer) != 0 || !answer.taken)
			message_die(1, "a short transcript failed: %s", answer.text);
	}
	printf("a transcript of one line: %.1f us, %.1f us of processor\n",
		(now() - begin) / SHORT * 1e6, (spent() - used) / SHORT * 1e6);
	client_close(&client);
}

int main(int argc, char **argv)
{
	static char text[PIECE], binary[PIECE];
	const char *top = argc > 1 ? argv[1] : getenv("TMPDIR");
	char path[108];
	pid_t pid;

	snprintf(place, sizeof(place), "%s/bench-recorder-XXXXXX", top == NULL ? "/tmp" : top);
	if (mkdtemp(place) == NULL)
		message_die(1, "%s: %m", place);
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(path, sizeof(path), "%s/socket", place);
	for (size_t i = 0; i < PIECE; i++) {
		text[i] = i % 80 == 79 ? '\n' : (char)('a' + i % 26);
		binary[i] = (char)random();
	}
	pid = start(path);
	usleep(200000);
	clock_getcpuclockid(pid, &recorder_clock);
	printf("one writer: ");
	fflush(stdout);
	events(path, 1);
	printf("eight writers: ");
	fflush(stdout);
	events(path, 8);
	short_ones(path);
	stream(path, "text", text);
	stream(path, "binary", binary);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	printf("files are in %s\n", place);
	return 0;
}
