/*
 * How fast a recorder takes events and transcripts, over its own protocol, and what a line costs.
 *
 * usage: recorder_timer [DIRECTORY-FOR-ITS-FILES]      as root; in TMPDIR without one
 *        recorder_timer --many FILES [DIRECTORY]        how it answers among so many transcripts
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
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
static const char *limits = "transcripts = { maximum_size = \"4G\"; };";
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

/* An hour ago, of one user. */
static void make_many(unsigned long count)
{
	const struct timespec times[2] = {{.tv_sec = time(NULL) - 3600}, {.tv_sec = time(NULL) - 3600}};
	char name[256];

	snprintf(name, sizeof(name), "%s/transcripts", place);
	mkdir(name, 0700);
	snprintf(name, sizeof(name), "%s/transcripts/1000", place);
	mkdir(name, 0700);
	for (unsigned long i = 0; i < count; i++) {
		int fd;

		snprintf(name, sizeof(name), "%s/transcripts/1000/%032lx.cast", place, i);
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, header, sizeof(header)) < 0 || futimens(fd, times) != 0 ||
			fchmod(fd, 0400) != 0)
			message_die(1, "%s: %m", name);
		close(fd);
	}
}

static double ask(struct recorder_client *client)
{
	struct recorder_answer answer;
	struct arena *kept = client->arena;
	double begin = now();

	client->arena = arena_new();
	if (client_event(client, event) != 0 || client_answer(client, &answer) != 0 || !answer.taken)
		message_die(1, "an event was not taken");
	arena_free(client->arena);
	client->arena = kept;
	return now() - begin;
}

/* A third of them is more than is kept. */
static void many(const char *path, unsigned long count)
{
	static char text[128];
	struct recorder_client client = {.socket = -1};
	double begin, until, worst = 0, one, sum = 0;
	unsigned long asked = 0;
	pid_t pid;

	make_many(count);
	snprintf(text, sizeof(text), "transcripts = { keep_size = \"%luK\"; };",
		count * 4 * 2 / 3 + 1024);
	limits = text;
	begin = now();
	pid = start(path);
	client = client_connect(path);
	printf("%lu transcripts: the first answer after %.3f s\n", count,
		(ask(&client), now() - begin));
	until = now() + 20 + (double)count / 20000;
	while (now() < until) {
		one = ask(&client);
		sum += one;
		worst = one > worst ? one : worst;
		asked++;
		usleep(1000);
	}
	printf("%lu events in %.0f s: the slowest %.1f ms, %.2f ms on average\n", asked,
		now() - begin, worst * 1e3, sum / (double)asked * 1e3);
	client_close(&client);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	printf("files are in %s\n", place);
}

int main(int argc, char **argv)
{
	unsigned long count = 0;
	static char text[PIECE], binary[PIECE];
	const char *top;
	char path[108];
	pid_t pid;

	if (argc > 2 && strcmp(argv[1], "--many") == 0) {
		count = strtoul(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	top = argc > 1 ? argv[1] : getenv("TMPDIR");
	snprintf(place, sizeof(place), "%s/bench-recorder-XXXXXX", top == NULL ? "/tmp" : top);
	if (mkdtemp(place) == NULL)
		message_die(1, "%s: %m", place);
	setvbuf(stdout, NULL, _IOLBF, 0);
	snprintf(path, sizeof(path), "%s/socket", place);
	if (count > 0) {
		many(path, count);
		return 0;
	}
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
