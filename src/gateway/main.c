/* rolegated: what it must be before it listens. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/background.h"
#include "base/daemon_options.h"
#include "base/message.h"
#include "confine/cgroup.h"
#include "gateway/activation.h"
#include "gateway/listener.h"
#include "gateway/privileges.h"

static const char usage[] =
	"usage: rolegated [-f] [-c DIRECTORY] [--cgroup DIRECTORY]\n"
	"  -f, --foreground        stay in the foreground\n"
	"  -c, --config DIRECTORY  configuration, default " ROLEGATE_CONFIG_DIR "\n"
	"      --cgroup DIRECTORY  control group to divide; else what systemd delegates\n"
	"      --version\n"
	"      --help\n";

/* The parent waits until the gateway is ready, so that its exit status says whether it is. */
static int go_background(void)
{
	int ready, side = background_start(&ready);

	if (side < 0)
		message_die(1, "can't go to the background: %m");
	if (side > 0)
		_exit(ready);
	return ready;
}

static void prepare_process(struct listener *listener, const char *cgroup)
{
	static struct arena *arena; /* as long as the process */
	const char *complaint = privileges_complaint(&listener->has_login_uid);
	int sockets;

	if (complaint != NULL)
		message_die(1, "%s", complaint);
	sockets = activation_take();
	if (privileges_close(sockets) != 0)
		message_die(1, "descriptors: %m");
	privileges_clear_environment();
	umask(077);
	if (chdir("/") != 0)
		message_die(1, "/: %m");
	arena = arena_new();
	complaint = privileges_make_room(arena);
	/* What programs may be given is known when there is a configuration: listener_open(). */
	if (complaint == NULL)
		complaint = privileges_trim(arena, ~(uint64_t)0);
	if (complaint != NULL)
		message_die(1, "%s", complaint);
	support_probe(arena, &listener->support);
	if (cgroup_prepare(arena, &listener->support, cgroup, &complaint) != 0)
		message_warning("%s", complaint);
	sockets_activate(&listener->sockets, sockets);
}

int main(int argc, char **argv)
{
	static struct listener listener = { .sockets = { .control = -1, .lock = -1 } };
	static const struct daemon_program program = { "rolegated", usage, true };
	struct daemon_options options;
	int ready = -1, status;

	message_set_name("rolegated");
	status = daemon_options_parse(argc, argv, &program, &options);
	if (status >= 0)
		return status;
	listener.directory = options.directory;
	prepare_process(&listener, options.cgroup);
	if (!options.foreground)
		ready = go_background();
	if (listener_open(&listener) != 0)
		_exit(1);
	message_info("ready, with %zu endpoint%s", listener.sockets.count,
		listener.sockets.count == 1 ? "" : "s");
	background_ready(ready);
	listener_run(&listener);
	_exit(0);
}
