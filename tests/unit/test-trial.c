/* What a trial makes of what it saw, and that it sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "config-fixture.h"
#include "trial/classify.h"
#include "trial/places.h"
#include "trial/refusals.h"
#include "trial/run.h"
#include "trial/suggest.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static const struct suggestion_facts facts = {.command = "show logs",
	.line = "/usr/bin/tail /var/log/syslog",
	.program = "/usr/bin/tail",
	.run_as = "svc-logs"};

/* As the loader takes it: the profile of a whole configuration, or a failure with its problems. */
static const struct profile *load(const char *text, const char *name, struct loaded *loaded)
{
	const struct config_file files[] = {
		{"profiles.d/trial.conf", text, strlen(text)},
	};

	*loaded = load_only(files, 1);
	if (loaded->policy == NULL)
		fail_msg("%s\n%s", problem_lines(loaded, PROBLEM_ERROR), text);
	return table_get(&loaded->policy->profile_by_name, name);
}

static void R38_the_profile_of_a_run_that_only_read(void **state)
{
	struct observation *seen = observation_new(arena);
	const struct profile *profile;
	struct loaded loaded;
	char *text;

	(void)state;
	observation_read(seen, "/etc/ld.so.cache");
	observation_read(seen, "/usr/lib/x86_64-linux-gnu/libc.so.6");
	observation_read(seen, "/var/log/syslog");
	observation_change(seen, "/dev/null", CHANGE_CONTENT);
	seen->peaks = (struct peaks){
		.processes = 1, .open_files = 5, .memory = 40 * 1024 * 1024, .cpu_seconds = 1};
	text = suggest_profile(seen, &facts);
	assert_string_equal(text,
		"# What one run as svc-logs needed; another call may need more:\n"
		"#   /usr/bin/tail /var/log/syslog\n"
		"profiles = (\n"
		"  { name = \"trial-show-logs\";\n"
		"    extends = \"standard\";\n"
		"    execute = \"none\";\n"
		"    network = \"none\";\n"
		"    filesystem = {\n"
		"      read = [ \"/etc\", \"/usr\", \"/var/log/syslog\" ];\n"
		"      write = []; };\n"
		"    capabilities = [];\n"
		"    limits = {\n      processes = 8; memory = \"128M\"; cpu_seconds = 10;\n"
		"      file_size = \"1M\"; open_files = 64; }; } );\n"
		"\n"
		"# In the definition of \"show logs\":\n"
		"#   profile = \"trial-show-logs\";\n"
		"#   class = \"read-only\";\n");
	profile = load(text, "trial-show-logs", &loaded);
	assert_non_null(profile);
	assert_int_equal(profile->restriction.execute, EXECUTE_NONE);
	assert_int_equal(profile->restriction.network, NETWORK_NONE);
	assert_true(profile->restriction.has[RESTRICT_WRITE]);
	assert_int_equal(profile->restriction.write.count, 0);
	assert_int_equal(profile->restriction.limits[RESTRICT_MEMORY], 128 * 1024 * 1024);
	assert_int_equal(refusals(seen, &profile->restriction).count, 0);
	loaded_free(&loaded);
}

static struct observation *busy(void)
{
	struct observation *seen = observation_new(arena);

	observation_read(seen, "/proc/self/status");
	observation_read(seen, "/srv/www/site/index.html");
	observation_read(seen, "/srv/\"odd\"\\name");
	observation_read(seen, "/srv/line\nend");
	observation_change(seen, "/tmp/scratch", CHANGE_ENTRY);
	observation_change(seen, "/var/cache/x/new", CHANGE_ENTRY);
	observation_change(seen, "/var/log/x.log", CHANGE_CONTENT);
	observation_execute(seen, "/usr/bin/gzip");
	observation_execute(seen, "/usr/bin/gzip");
	observation_call(seen, "ptrace");
	observation_capability(seen, CAP_NET_RAW, true);
	observation_capability(seen, CAP_SYS_TIME, false);
	observation_socket(seen, AF_UNIX);
	observation_socket(seen, AF_INET6);
	observation_peer(seen, "2001:db8::1 port 443", true);
	seen->peaks = (struct peaks){.processes = 5,
		.open_files = 40,
		.memory = 100 * 1024 * 1024,
		.cpu_seconds = 3,
		.file_size = 3 * 1024 * 1024};
	return seen;
}

static void R38_the_profile_of_a_busy_run(void **state)
{
	struct observation *seen = busy();
	const struct profile *profile;
	struct loaded loaded;
	char *text = suggest_profile(seen, &facts);

	(void)state;
	assert_string_equal(text,
		"# What one run as svc-logs needed; another call may need more:\n"
		"#   /usr/bin/tail /var/log/syslog\n"
		"# It talked to:\n"
		"#   2001:db8::1 port 443\n"
		"# It tried what takes [ \"CAP_SYS_TIME\" ], which it did not have. If that was in "
		"vain, let its\n"
		"# profile list them and try again.\n"
		"profiles = (\n"
		"  { name = \"trial-show-logs\";\n"
		"    extends = \"standard\";\n"
		"    execute = [ \"/usr/bin/gzip\" ];\n"
		"    network = \"any\";\n"
		"    filesystem = {\n"
		"      read = [ \"/proc\", \"/srv/\\\"odd\\\"\\\\name\", \"/srv/www/site\", "
		"\"/usr\", \"/var/cache/x\", \"/var/log/x.log\" ];\n"
		"      write = [ \"/var/cache/x\", \"/var/log/x.log\" ];\n"
		"      proc = \"own\";\n"
		"      tmp = \"own\"; };\n"
		"    capabilities = [ \"CAP_NET_RAW\" ];\n"
		"    system_calls = { allow = [ \"ptrace\" ]; };\n"
		"    limits = {\n      processes = 32; memory = \"256M\"; cpu_seconds = 30;\n"
		"      file_size = \"8M\"; open_files = 128; }; } );\n"
		"\n"
		"# In the definition of \"show logs\":\n"
		"#   profile = \"trial-show-logs\";\n"
		"#   class = \"write-capable\";\n"
		"# since it\n"
		"#   changed /var/cache/x/new\n"
		"#   changed /var/log/x.log\n"
		"#   asked 2001:db8::1 port 443, which may act for it unseen\n");
	profile = load(text, "trial-show-logs", &loaded);
	assert_int_equal(profile->restriction.execute, EXECUTE_LISTED);
	assert_false(strings_contain(&profile->restriction.denied_calls, "ptrace"));
	assert_true(strings_contain(&profile->restriction.denied_calls, "mount"));
	assert_true(profile->restriction.own_tmp && profile->restriction.own_proc);
	loaded_free(&loaded);
}

/* What a person's call holds is in a comment: it must not end there. */
static void R32_a_comment_can_not_be_left(void **state)
{
	struct suggestion_facts hostile = facts;
	struct loaded loaded;

	(void)state;
	hostile.line = "/usr/bin/tail 'a\nprofiles = ( );\033[2J'";
	assert_non_null(load(
		suggest_profile(observation_new(arena), &hostile), "trial-show-logs", &loaded));
	loaded_free(&loaded);
}

static void R6_the_name_of_a_profile_is_one(void **state)
{
	struct suggestion_facts odd = facts;
	struct loaded loaded;
	char *text;

	(void)state;
	odd.command = "/opt/it's/\303\244 very long name that goes on and on and on and on/and on";
	text = suggest_profile(observation_new(arena), &odd);
	(void)load(text, "none", &loaded);
	assert_int_equal(loaded.policy->profile_count, 8);
	loaded_free(&loaded);
}

static void areas_are_few(void **state)
{
	const char *paths[] = {"/etc/passwd", "/etc/ssl/certs/a.pem", "/var/log/nginx/a",
		"/var/log/nginx/b", "/home/dana/.profile", "/srv/a", "/srv/b", "/srv/c", "/srv/d",
		"/srv/e"};
	struct strings list = {paths, sizeof(paths) / sizeof(paths[0])};
	struct strings areas = suggest_areas(arena, &list);

	(void)state;
	assert_string_equal(
		strings_join(arena, &areas, " "), "/etc /home/dana/.profile /srv /var/log/nginx");
}

static void limits_have_headroom(void **state)
{
	(void)state;
	assert_int_equal(suggest_limit(RESTRICT_PROCESSES, 0), 8);
	assert_int_equal(suggest_limit(RESTRICT_PROCESSES, 9), 64);
	assert_int_equal(suggest_limit(RESTRICT_OPEN_FILES, 5000), 4096);
	assert_int_equal(suggest_limit(RESTRICT_CPU_SECONDS, 7), 70);
	assert_int_equal(suggest_limit(RESTRICT_FILE_SIZE, UINT64_MAX / 2), UINT64_C(1) << 59);
}

static enum command_class class_of_change(const char *path, enum change change)
{
	struct observation *seen = observation_new(arena);

	observation_change(seen, path, change);
	return classify(seen);
}

static void classes(void **state)
{
	struct observation *seen = observation_new(arena);

	(void)state;
	assert_int_equal(classify(seen), CLASS_READ_ONLY);
	observation_read(seen, "/etc/shadow");
	observation_socket(seen, AF_INET);
	observation_peer(seen, "192.0.2.53 port 53", false);
	observation_change(seen, "/tmp/gone", CHANGE_ENTRY);
	observation_change(seen, "/dev/pts/3", CHANGE_CONTENT);
	assert_int_equal(classify(seen), CLASS_READ_ONLY);
	observation_left(seen, "/tmp/kept");
	assert_int_equal(classify(seen), CLASS_WRITE_CAPABLE);
	observation_elevated(seen, "mount(2)");
	assert_int_equal(classify(seen), CLASS_ELEVATED);
	assert_string_equal(classify_reasons(seen)->items[0], "called mount(2)");

	seen = observation_new(arena);
	observation_signal(seen, 1);
	assert_int_equal(classify(seen), CLASS_WRITE_CAPABLE);
	assert_int_equal(class_of_change("/srv/x", CHANGE_CONTENT), CLASS_WRITE_CAPABLE);
	assert_int_equal(class_of_change("/srv/x", CHANGE_RIGHTS), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/tmp/x", CHANGE_RIGHTS), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/etc/passwd", CHANGE_CONTENT), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/etc/passwdx", CHANGE_CONTENT), CLASS_WRITE_CAPABLE);
	assert_int_equal(class_of_change("/etc/sudoers.d/x", CHANGE_ENTRY), CLASS_ELEVATED);
	assert_int_equal(
		class_of_change("/home/a/.ssh/authorized_keys", CHANGE_CONTENT), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/usr/local/bin/x", CHANGE_ENTRY), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/sys/power/state", CHANGE_CONTENT), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/proc/sys/vm/x", CHANGE_CONTENT), CLASS_ELEVATED);
	assert_int_equal(class_of_change("/proc/self/comm", CHANGE_CONTENT), CLASS_READ_ONLY);
	assert_int_equal(class_of_change("/dev/sda", CHANGE_CONTENT), CLASS_ELEVATED);
	assert_int_equal(class_of_change(ROLEGATE_CONFIG_DIR "/roles.d/x.role", CHANGE_ENTRY),
		CLASS_ELEVATED);
}

static void what_a_profile_would_have_refused(void **state)
{
	struct observation *seen = busy();
	struct restriction restriction = {0};
	struct strings said = refusals(seen, &restriction);

	(void)state;
	assert_int_equal(said.count, 0);
	restriction.has[RESTRICT_EXECUTE] = true; /* none */
	restriction.has[RESTRICT_NETWORK] = true;
	restriction.has[RESTRICT_WRITE] = true;
	restriction.has[RESTRICT_CAPABILITIES] = true;
	restriction.has[RESTRICT_MEMORY] = true;
	restriction.limits[RESTRICT_MEMORY] = 1024;
	restriction.own_tmp = true;
	strings_add(arena, &restriction.write, "/var/cache");
	strings_add(arena, &restriction.hidden, "/srv/www");
	strings_add(arena, &restriction.denied_calls, "ptrace");
	said = refusals(seen, &restriction);
	assert_string_equal(strings_join(arena, &said, "; "),
		"to execute /usr/bin/gzip; to use the network; to read /srv/www/site/index.html; "
		"to write /var/log/x.log; the system call ptrace; what takes CAP_NET_RAW; "
		"to exceed limits.memory");
}

/* --- that it sees what happens: a child of this test under the filter --- */

static struct watch watch;
static struct account account;

static int set_up_watch(void **state)
{
	(void)set_up(state);
	account = (struct account){.uid = getuid(), .gid = getgid()};
	watch = (struct watch){.seen = observation_new(arena),
		.scratch = arena_new(),
		.account = &account,
		.started = true};
	return 0;
}

static int tear_down_watch(void **state)
{
	arena_free(watch.scratch);
	return tear_down(state);
}

/* Runs `act` under the filter. What it returned. */
static int observe(int (*act)(void))
{
	const struct strings none = {0};
	int sockets[2], status;
	size_t count;
	int *numbers = watch_numbers(&watch, &none, &count);
	pid_t child;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	child = fork();
	if (child == 0) {
		int listener = notify_install(numbers, count);

		if (listener < 0 || notify_send_listener(sockets[1], listener) < 0)
			_exit(99);
		close(listener);
		_exit(act());
	}
	watch.listener = notify_take_listener(sockets[0]);
	if (watch.listener < 0) {
		(void)waitpid(child, NULL, 0);
		skip();
	}
	while (waitpid(child, &status, WNOHANG) == 0) {
		struct timespec moment = {.tv_nsec = 1000000};
		struct pollfd ready = {.fd = watch.listener, .events = POLLIN};

		if (poll(&ready, 1, 1) > 0 && (ready.revents & POLLIN) != 0)
			assert_int_equal(watch_answer(&watch), 0);
		else
			(void)nanosleep(&moment, NULL);
	}
	close(watch.listener);
	close(sockets[0]);
	close(sockets[1]);
	watch_finish(&watch);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int act_on_files(void)
{
	int fd;

	if (chdir("/") < 0)
		return 1;
	fd = open("etc/../etc/hostname", O_RDONLY);
	fd = fd < 0 ? open("etc/passwd", O_RDONLY) : fd;
	fd = open("/no-such-directory/file", O_RDONLY);
	if (mkdir("/tmp/rolegate-test-trial", 0700) < 0)
		return 2;
	fd = openat(AT_FDCWD, "/tmp/rolegate-test-trial/a", O_CREAT | O_WRONLY, 0600);
	if (fd < 0 || write(fd, "0123456789", 10) != 10 || fsync(fd) < 0)
		return 3;
	return rename("/tmp/rolegate-test-trial/a", "/tmp/rolegate-test-trial/b") < 0 ? 4 : 0;
}

static void files_are_seen(void **state)
{
	struct stat status;

	(void)state;
	(void)unlink("/tmp/rolegate-test-trial/b");
	(void)rmdir("/tmp/rolegate-test-trial");
	assert_int_equal(observe(act_on_files), 0);
	assert_int_equal(lstat("/tmp/rolegate-test-trial/b", &status), 0);
	assert_int_equal(unlink("/tmp/rolegate-test-trial/b"), 0);
	assert_int_equal(rmdir("/tmp/rolegate-test-trial"), 0);
	assert_true(strings_contain(&watch.seen->read, "/etc/hostname") ||
		    strings_contain(&watch.seen->read, "/etc/passwd"));
	assert_false(strings_contain(&watch.seen->read, "/no-such-directory/file"));
	assert_true(strings_contain(&watch.seen->written, "/tmp/rolegate-test-trial/a"));
	assert_true(strings_contain(&watch.seen->written, "/tmp/rolegate-test-trial/b"));
	assert_true(strings_contain(&watch.seen->write, "/tmp/rolegate-test-trial"));
	assert_true(watch.seen->peaks.file_size >= 10);
	assert_int_equal(classify(watch.seen), CLASS_WRITE_CAPABLE);
}

static int act_on_children(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		return 1;
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 2 : 0;
}

static void children_and_sockets_are_seen(void **state)
{
	(void)state;
	assert_int_equal(observe(act_on_children), 0);
	assert_int_equal(watch.seen->executed.count, 1);
	assert_non_null(strstr(watch.seen->executed.items[0], "true"));
	assert_int_equal(watch.seen->network, NETWORK_ANY);
	assert_true(watch.seen->peaks.processes >= 2);
	assert_true(watch.seen->peaks.memory > 0);
	assert_int_equal(classify(watch.seen), CLASS_READ_ONLY);
}

/* A script's interpreter is executed as well. */
static int act_on_script(void)
{
	pid_t child = fork();

	if (child == 0) {
		execl("/tmp/rolegate-test-script", "x", (char *)NULL);
		_exit(1);
	}
	return waitpid(child, NULL, 0) == child ? 0 : 1;
}

static void scripts_and_their_interpreters_are_seen(void **state)
{
	int fd = open("/tmp/rolegate-test-script", O_CREAT | O_WRONLY | O_TRUNC, 0700);

	(void)state;
	assert_int_equal(write(fd, "#! /bin/true -x\n", 16), 16);
	close(fd);
	assert_int_equal(observe(act_on_script), 0);
	assert_int_equal(unlink("/tmp/rolegate-test-script"), 0);
	assert_int_equal(watch.seen->executed.count, 2);
	assert_string_equal(watch.seen->executed.items[0], "/tmp/rolegate-test-script");
	assert_non_null(strstr(watch.seen->executed.items[1], "true"));
}

static int act_on_terminal(void)
{
	const char byte = 'x';

	errno = 0;
	if (ioctl(0, TIOCSTI, &byte) == 0 || errno != EPERM)
		return 1;
	errno = 0;
	if (ioctl(0, 0x541c, &byte) == 0 || errno != EPERM)
		return 2;
	return 0;
}

/* Even where the kernel would allow it. */
static void R15_nothing_is_typed_into_the_callers_terminal(void **state)
{
	(void)state;
	assert_int_equal(observe(act_on_terminal), 0);
}

int main(void)
{
#define PURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
#define SEEN(test) cmocka_unit_test_setup_teardown(test, set_up_watch, tear_down_watch)
	const struct CMUnitTest tests[] = {
		PURE(R38_the_profile_of_a_run_that_only_read),
		PURE(R38_the_profile_of_a_busy_run),
		PURE(R32_a_comment_can_not_be_left),
		PURE(R6_the_name_of_a_profile_is_one),
		PURE(areas_are_few),
		PURE(limits_have_headroom),
		PURE(classes),
		PURE(what_a_profile_would_have_refused),
		SEEN(files_are_seen),
		SEEN(children_and_sockets_are_seen),
		SEEN(scripts_and_their_interpreters_are_seen),
		SEEN(R15_nothing_is_typed_into_the_callers_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
