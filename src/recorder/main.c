/* rolegate-recorder: writes what the gateway tells it, where nobody else can. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/background.h"
#include "base/daemon_options.h"
#include "base/fd.h"
#include "base/message.h"
#include "gateway/activation.h"
#include "gateway/sockets.h"
#include "recorder/account.h"
#include "recorder/service.h"

enum { OPEN_FILES = 4096 };

static const char usage[] =
	"usage: rolegate-recorder [-f] [-c DIRECTORY]\n"
	"  -f, --foreground        stay in the foreground\n"
	"  -c, --config DIRECTORY  where recorder.conf is, default " ROLEGATE_CONFIG_DIR "\n"
	"      --version\n"
	"      --help\n";

static void load_settings(struct arena *arena, const char *directory, struct settings *settings)
{
	struct problems problems = {.arena = arena};
	int result = settings_load(arena, directory, 0, settings, &problems);

	problems_sort(&problems);
	for (size_t i = 0; i < problems.count; i++)
		message_error("%s", problem_text(arena, &problems.items[i]));
	if (result != 0)
		_exit(1);
}

/* As the gateway makes it: either may be the first to start. */
static void make_run_directory(void)
{
	struct stat status;

	if (mkdir(ROLEGATE_RUN_DIR, 0755) == 0)
		(void)!chmod(ROLEGATE_RUN_DIR, 0755);
	if (lstat(ROLEGATE_RUN_DIR, &status) != 0)
		message_die(1, "%s: %m", ROLEGATE_RUN_DIR);
	if (!S_ISDIR(status.st_mode) || status.st_uid != 0 || (status.st_mode & 022) != 0)
		message_die(1, "%s: others than root can write to it", ROLEGATE_RUN_DIR);
}

/* The one that the init system gives, or our own (R21). */
static int take_socket(int given)
{
	int type = 0, listening = 0, fd;
	socklen_t size = sizeof(type);

	if (given > 0) {
		if (given != 1 ||
			getsockopt(ACTIVATION_FIRST, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
			getsockopt(ACTIVATION_FIRST, SOL_SOCKET, SO_ACCEPTCONN, &listening,
				&size) != 0 ||
			type != SOCK_SEQPACKET || !listening ||
			fcntl(ACTIVATION_FIRST, F_SETFL, O_RDWR | O_NONBLOCK) != 0)
			message_die(1, "expected one listening sequential-packet socket from the "
				       "init system");
		return ACTIVATION_FIRST;
	}
	if (geteuid() != 0)
		message_die(1, "only root can make the socket; start it as root, or by its socket "
			       "unit");
	make_run_directory();
	fd = socket_bind("recorder", 0600);
	if (fd < 0)
		message_die(1, "%s: %m", RECORDER_SOCKET);
	return fd;
}

static void prepare_process(int given)
{
	struct rlimit limit = {OPEN_FILES, OPEN_FILES}, now;
	char *notify = getenv("NOTIFY_SOCKET"), *journal = getenv("JOURNAL_STREAM");

	notify = notify == NULL ? NULL : strdup(notify);
	journal = journal == NULL ? NULL : strdup(journal);
	clearenv();
	if (notify != NULL)
		(void)setenv("NOTIFY_SOCKET", notify, 1);
	if (journal != NULL)
		(void)setenv("JOURNAL_STREAM", journal, 1);
	free(notify);
	free(journal);
	if (fd_fill_streams() != 0 ||
		close_range((unsigned)(ACTIVATION_FIRST + given), ~0U, 0) != 0)
		message_die(1, "descriptors: %m");
	if (getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_max < OPEN_FILES && geteuid() != 0)
		limit.rlim_cur = limit.rlim_max = now.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		message_warning("RLIMIT_NOFILE: %m");
	umask(077);
	if (chdir("/") != 0)
		message_die(1, "/: %m");
}

/* The parent waits until the recorder is ready, so that its exit status says whether it is. */
static int go_background(void)
{
	int ready, side = background_start(&ready);

	if (side < 0)
		message_die(1, "can't go to the background: %m");
	if (side > 0)
		_exit(ready);
	return ready;
}

static void run(struct arena *arena, const struct settings *settings, int given, bool foreground)
{
	static struct service service;
	static struct proof_key key;
	struct account_ids ids;
	const char *complaint = account_find(arena, settings->account, &ids);
	int directory = -1, socket, ready;

	if (complaint == NULL)
		directory = account_directory(arena, settings->directory, &ids, &complaint);
	if (complaint == NULL && settings->signing_key != NULL)
		complaint = proof_key_load(arena, settings->signing_key, &ids, &key);
	if (complaint != NULL)
		message_die(1, "%s", complaint);
	ready = foreground ? -1 : go_background();
	socket = take_socket(given);
	complaint = account_become(arena, &ids);
	if (complaint != NULL)
		message_die(1, "%s", complaint);
	if (service_open(&service, settings, socket, directory,
		    settings->signing_key == NULL ? NULL : &key) != 0)
		_exit(1);
	message_info("ready, the log's last line is %llu",
		(unsigned long long)ledger_last(&service.ledger));
	activation_notify("READY=1");
	background_ready(ready);
	service_run(&service);
	activation_notify("STOPPING=1");
}

int main(int argc, char **argv)
{
	static const struct daemon_program program = {"rolegate-recorder", usage, false};
	struct daemon_options options;
	struct settings settings;
	struct arena *arena;
	int status, given;

	message_set_name("rolegate-recorder");
	status = daemon_options_parse(argc, argv, &program, &options);
	if (status >= 0)
		return status;
	arena = arena_new();
	given = activation_take();
	prepare_process(given);
	load_settings(arena, options.directory, &settings);
	run(arena, &settings, given, options.foreground);
	arena_free(arena);
	return 0;
}
