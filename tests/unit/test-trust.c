/* R28: who may have written what is read; and which files of a directory are read at all. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "config/config.h"
#include "config/digest.h"
#include "config/trust.h"

enum { OTHER = 1000, PATH_SIZE = 256 };

/* base/middle/file, where `base` is in a directory that only root can write to. */
struct fixture {
	struct arena *arena;
	char base[PATH_SIZE];
};

static char *under(struct fixture *fixture, const char *name)
{
	return arena_printf(fixture->arena, "%s/%s", fixture->base, name);
}

static void put(struct fixture *fixture, const char *name, const char *text)
{
	_cleanup_fd_ int fd =
		open(under(fixture, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(fd_write_all(fd, text, strlen(text)), 0);
}

static int set_up(void **state)
{
	static const char *const places[] = {"/run", "/var/lib", "/root"};
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *complaint;

	assert_non_null(fixture);
	fixture->arena = arena_new();
	*state = fixture;
	umask(022);
	for (size_t i = 0; geteuid() == 0 && i < sizeof(places) / sizeof(places[0]); i++) {
		_cleanup_fd_ int fd = trust_open(fixture->arena, places[i], O_PATH, &complaint);

		snprintf(
			fixture->base, sizeof(fixture->base), "%s/rolegate-test-XXXXXX", places[i]);
		if (fd < 0 || mkdtemp(fixture->base) == NULL)
			continue;
		assert_int_equal(chmod(fixture->base, 0755), 0);
		assert_int_equal(mkdir(under(fixture, "middle"), 0755), 0);
		put(fixture, "middle/file", "text");
		return 0;
	}
	fixture->base[0] = '\0';
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->base[0] != '\0') {
		char *command = arena_printf(fixture->arena, "rm -rf '%s'", fixture->base);

		assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
	}
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* Root is needed to give a file to somebody else. */
static struct fixture *need_root(void **state)
{
	struct fixture *fixture = *state;

	if (fixture->base[0] == '\0')
		skip();
	return fixture;
}

static void must_open(struct fixture *fixture, const char *name)
{
	const char *complaint;
	_cleanup_fd_ int fd =
		trust_open(fixture->arena, under(fixture, name), O_RDONLY, &complaint);

	if (fd < 0)
		fail_msg("%s: %s", name, complaint);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

/* That the complaint is about `culprit`, and has `why` in it. */
static void must_refuse(
	struct fixture *fixture, const char *name, const char *culprit, const char *why)
{
	const char *complaint = NULL, *path = under(fixture, culprit);
	int fd = trust_open(fixture->arena, under(fixture, name), O_RDONLY, &complaint);

	assert_int_equal(errno, EPERM);
	assert_int_equal(fd, -1);
	assert_non_null(complaint);
	assert_memory_equal(complaint, path, strlen(path));
	assert_int_equal(complaint[strlen(path)], ' ');
	assert_non_null(strstr(complaint, why));
}

static const char *const components[] = {"", "middle", "middle/file"};

/* The path of a component; the base itself has no slash at its end. */
static char *component(struct fixture *fixture, size_t i)
{
	return i == 0 ? fixture->base : under(fixture, components[i]);
}

static void must_refuse_component(struct fixture *fixture, size_t i, const char *why)
{
	const char *complaint = NULL, *path = component(fixture, i);
	int fd = trust_open(fixture->arena, under(fixture, "middle/file"), O_RDONLY, &complaint);

	assert_int_equal(errno, EPERM);
	assert_int_equal(fd, -1);
	assert_memory_equal(complaint, path, strlen(path));
	assert_int_equal(complaint[strlen(path)], ' ');
	assert_non_null(strstr(complaint, why));
}

static void R28_owner_of_every_component(void **state)
{
	struct fixture *fixture = need_root(state);

	for (size_t i = 0; i < 3; i++) {
		must_open(fixture, "middle/file");
		assert_int_equal(chown(component(fixture, i), OTHER, 0), 0);
		must_refuse_component(fixture, i, "is owned by uid 1000");
		assert_int_equal(
			chown(component(fixture, i), 0, OTHER), 0); /* the group may be any */
		must_open(fixture, "middle/file");
	}
}

static void R28_mode_of_every_component(void **state)
{
	struct fixture *fixture = need_root(state);

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(chmod(component(fixture, i), 0757), 0);
		must_refuse_component(fixture, i, "writable by everybody");
		assert_int_equal(chmod(component(fixture, i), 01777), 0); /* sticky is no excuse */
		must_refuse_component(fixture, i, "writable by everybody");
		assert_int_equal(chmod(component(fixture, i), 0775), 0);
		must_refuse_component(fixture, i, "writable by its group");
		assert_int_equal(chmod(component(fixture, i), 0755), 0);
		must_open(fixture, "middle/file");
	}
}

struct acl {
	uint32_t version;
	struct {
		uint16_t tag, permissions;
		uint32_t id;
	} entries[5];
};

/* A list that gives OTHER `permissions`: acl(5), as the kernel stores it. */
static int set_acl(const char *path, uint16_t permissions)
{
	const struct acl acl = {
		htole32(2), {{htole16(0x01), htole16(7), UINT32_MAX},
				    {htole16(0x02), htole16(permissions), OTHER},
				    {htole16(0x04), htole16(5), UINT32_MAX},
				    {htole16(0x10), htole16(permissions | 5), UINT32_MAX},
				    {htole16(0x20), htole16(5), UINT32_MAX}}};

	return setxattr(path, "system.posix_acl_access", &acl, sizeof(acl), 0);
}

static void R28_access_list_of_every_component(void **state)
{
	struct fixture *fixture = need_root(state);

	for (size_t i = 0; i < 3; i++) {
		if (set_acl(component(fixture, i), 7) != 0 && errno == EOPNOTSUPP)
			skip();
		must_refuse_component(fixture, i, "access control list");
		assert_int_equal(set_acl(component(fixture, i), 5), 0);
		must_open(fixture, "middle/file");
	}
}

static void R28_link_at_every_component(void **state)
{
	struct fixture *fixture = need_root(state);

	assert_int_equal(symlink("middle", under(fixture, "link")), 0);
	assert_int_equal(symlink("file", under(fixture, "middle/link")), 0);
	must_refuse(fixture, "link/file", "link", "is a symbolic link");
	must_refuse(fixture, "middle/link", "middle/link", "is a symbolic link");
	must_refuse(fixture, "link", "link", "is a symbolic link");
	/* Also where the path is opened for itself, as a program is. */
	const char *complaint;

	assert_int_equal(
		trust_open(fixture->arena, under(fixture, "middle/link"), O_PATH, &complaint), -1);
	assert_int_equal(errno, EPERM);
}

static void R28_what_is_no_file(void **state)
{
	struct fixture *fixture = need_root(state);
	const char *complaint;

	assert_int_equal(mkfifo(under(fixture, "fifo"), 0644), 0);
	must_refuse(fixture, "fifo", "fifo", "is not a file or a directory");
	assert_int_equal(
		trust_open(fixture->arena, under(fixture, "none"), O_RDONLY, &complaint), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(
		trust_open(fixture->arena, under(fixture, "middle/file/x"), O_RDONLY, &complaint),
		-1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(trust_open(fixture->arena, "etc/passwd", O_RDONLY, &complaint), -1);
	assert_int_equal(errno, EPERM);
	must_open(fixture, "middle//file");
	must_open(fixture, "middle/../middle/./file");
}

/* A mount shows another directory at a name that was trusted. */
static int mounted_over(struct fixture *fixture)
{
	const char *complaint;

	if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount(under(fixture, "theirs"), under(fixture, "middle"), NULL, MS_BIND, NULL) != 0)
		return 77;
	return trust_open(fixture->arena, under(fixture, "middle/file"), O_RDONLY, &complaint) <
				       0 &&
			       errno == EPERM && strstr(complaint, "is owned by uid 1000") != NULL
		       ? 0
		       : 1;
}

static void R28_a_mount_on_the_way(void **state)
{
	struct fixture *fixture = need_root(state);
	int status;
	pid_t child;

	assert_int_equal(mkdir(under(fixture, "theirs"), 0755), 0);
	put(fixture, "theirs/file", "text");
	assert_int_equal(chown(under(fixture, "theirs"), OTHER, OTHER), 0);
	child = fork();
	if (child == 0)
		_exit(mounted_over(fixture));
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

#define MAIN_TEXT "endpoints = ();\n"
#define COMMAND_TEXT "commands = ( { name = \"x\"; program = \"/x\"; } );\n"
#define ROLE_TEXT "visible_commands = ( \"x\" );\n"

static void digest_text(struct digest *digest, const char *name, const char *text)
{
	digest_file(digest, name, text, strlen(text));
}

/* A configuration directory below the base. */
static void put_configuration(struct fixture *fixture)
{
	static const char *const folders[] = {
		"config", "config/commands.d", "config/roles.d", "config/providers.d"};

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(mkdir(under(fixture, folders[i]), 0755), 0);
	put(fixture, "config/rolegate.conf", MAIN_TEXT);
	put(fixture, "config/roles.d/b.role", ROLE_TEXT);
	put(fixture, "config/roles.d/a.role", "");
	put(fixture, "config/commands.d/x.conf", COMMAND_TEXT);
}

/* All problems, one a line, without the base; *policy is what was loaded. */
static const char *load(struct fixture *fixture, unsigned flags, struct policy **policy)
{
	struct problems problems = {.arena = fixture->arena};
	struct strings lines = {0};

	*policy = config_load(fixture->arena, under(fixture, "config"), flags, &problems);
	assert_int_equal(*policy == NULL, problems.errors > 0);
	for (size_t i = 0; i < problems.count; i++) {
		const char *text = problem_text(fixture->arena, &problems.items[i]);

		strings_add(fixture->arena, &lines,
			arena_printf(fixture->arena, "%c %s",
				problems.items[i].level == PROBLEM_ERROR ? 'E' : 'W', text));
	}
	return strings_join(fixture->arena, &lines, "\n");
}

static const char *digest_of(struct fixture *fixture)
{
	struct policy *policy;

	assert_string_equal(load(fixture, 0, &policy), "");
	return policy->digest;
}

static void digest_changes_with_every_byte_and_name(void **state)
{
	struct fixture *fixture = need_root(state);
	const char *first, *other;

	put_configuration(fixture);
	first = digest_of(fixture);
	assert_int_equal(strlen(first), 64);
	put(fixture, "config/roles.d/a.role", "#");
	other = digest_of(fixture);
	assert_string_not_equal(first, other);
	put(fixture, "config/roles.d/a.role", "");
	assert_string_equal(digest_of(fixture), first);
	assert_int_equal(rename(under(fixture, "config/commands.d/x.conf"),
				 under(fixture, "config/commands.d/y.conf")),
		0);
	assert_string_not_equal(digest_of(fixture), first);
	assert_int_equal(rename(under(fixture, "config/commands.d/y.conf"),
				 under(fixture, "config/commands.d/x.conf")),
		0);
	/* Made in another order, so that the directory lists it so, with the same result. */
	for (const char *const *name = (const char *const[]){"a", "b", "a", NULL}; *name; name++) {
		const char *path = arena_printf(fixture->arena, "config/roles.d/%s.role", *name);

		assert_int_equal(unlink(under(fixture, path)), 0);
		put(fixture, path, **name == 'b' ? ROLE_TEXT : "");
		assert_string_equal(digest_of(fixture), first);
	}
}

/* By name, whatever the order in which the directory lists them. */
static void digest_is_over_files_in_order(void **state)
{
	struct fixture *fixture = need_root(state);
	struct digest digest;
	char expected[65];

	put_configuration(fixture);
	for (char name = 'z'; name >= 'c'; name--)
		put(fixture, arena_printf(fixture->arena, "config/roles.d/%c.role", name), "");
	digest_begin(&digest);
	digest_text(&digest, "rolegate.conf", MAIN_TEXT);
	digest_text(&digest, "commands.d/x.conf", COMMAND_TEXT);
	digest_text(&digest, "roles.d/a.role", "");
	digest_text(&digest, "roles.d/b.role", ROLE_TEXT);
	for (char name = 'c'; name <= 'z'; name++)
		digest_text(&digest, arena_printf(fixture->arena, "roles.d/%c.role", name), "");
	assert_int_equal(digest_end(&digest, expected), 0);
	assert_string_equal(digest_of(fixture), expected);
}

static void what_is_not_trusted_is_not_read(void **state)
{
	struct fixture *fixture = need_root(state);
	struct policy *policy;
	const char *path = under(fixture, "config/roles.d/b.role");

	put_configuration(fixture);
	put(fixture, "config/roles.d/b.role", "colour = 1;\n");
	assert_int_equal(chown(path, OTHER, 0), 0);
	assert_string_equal(load(fixture, 0, &policy),
		arena_printf(fixture->arena,
			"E roles.d/b.role: not trusted: %s is owned by uid 1000; expected root (0)",
			path));
	put(fixture, "config/roles.d/b.role", "");
	assert_string_equal(load(fixture, CONFIG_TRUST_WARNS, &policy),
		arena_printf(fixture->arena,
			"W roles.d/b.role: not trusted: %s is owned by uid 1000; expected root (0)",
			path));
	assert_int_equal(policy->role_count, 2);
	assert_int_equal(chmod(under(fixture, "config"), 0777), 0);
	assert_string_equal(load(fixture, 0, &policy),
		arena_printf(fixture->arena,
			"E %s: not trusted: %s is writable by everybody (mode 0777); expected root "
			"alone",
			under(fixture, "config"), under(fixture, "config")));
}

static void the_main_file_may_be_missing_if_asked(void **state)
{
	struct fixture *fixture = need_root(state);
	struct policy *policy;

	put_configuration(fixture);
	assert_int_equal(unlink(under(fixture, "config/rolegate.conf")), 0);
	assert_string_equal(load(fixture, 0, &policy),
		"E rolegate.conf: no such file; expected one that defines the endpoints");
	assert_string_equal(load(fixture, CONFIG_MAIN_OPTIONAL, &policy), "");
	assert_int_equal(policy->endpoint_count, 0);
	assert_int_equal(policy->grant_count, 1);
	assert_int_equal(chdir(fixture->base), 0);
	struct problems problems = {.arena = fixture->arena};

	assert_non_null(config_load(fixture->arena, "config", CONFIG_MAIN_OPTIONAL, &problems));
	assert_null(config_load(fixture->arena, "none", CONFIG_MAIN_OPTIONAL, &problems));
	assert_int_equal(chdir("/"), 0);
}

static void nothing_is_left_out_without_a_word(void **state)
{
	struct fixture *fixture = need_root(state);
	struct policy *policy;

	put_configuration(fixture);
	assert_int_equal(mkdir(under(fixture, "config/role.d"), 0755), 0);
	assert_int_equal(mkdir(under(fixture, "config/functions.d"), 0755), 0);
	assert_int_equal(mkdir(under(fixture, "config/commands.d/folder.conf"), 0755), 0);
	put(fixture, "config/functions.d/p.conf", "functions = ();\n");
	put(fixture, "config/functions.d/p.conf.sig", "");
	put(fixture, "config/functions.d/p.conf.sign", "");
	assert_int_equal(mkdir(under(fixture, "config/trusted.d"), 0755), 0);
	put(fixture, "config/trusted.d/p.conf", "trusted = ();\n");
	put(fixture, "config/trusted.d/p.conf.sig", "");
	put(fixture, "config/roles.d/b.role~", "");
	put(fixture, "config/roles.d/.b.role.swp", "");
	put(fixture, "config/roles.d/c.conf", "");
	put(fixture, "config/roles.d/a b.role", "");
	assert_int_equal(truncate(under(fixture, "config/roles.d/a.role"), 17 << 20), 0);
	assert_string_equal(load(fixture, 0, &policy),
		"E commands.d/folder.conf: can't be read: Is a directory\n"
		"W functions.d/p.conf.sign: this file is not read; expected a name that ends in "
		"\".conf\"\n"
		"W role.d: this is not read (did you mean \"roles.d\"?)\n"
		"W roles.d/.b.role.swp: this file is not read; expected a name that ends in "
		"\".role\"\n"
		"E roles.d/a b.role: the name of a role has letters, digits, \"_\", \".\" and "
		"\"-\", at "
		"most 64 bytes; expected a file of such a name\n"
		"E roles.d/a.role: larger than 16 MiB; expected several files\n"
		"W roles.d/b.role~: this file is not read; expected a name that ends in \".role\"\n"
		"W roles.d/c.conf: this file is not read; expected a name that ends in \".role\"\n"
		"W trusted.d/p.conf.sig: this file is not read; expected a name that ends in "
		"\".conf\"");
	assert_null(policy);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(R28_owner_of_every_component),
		TEST(R28_mode_of_every_component),
		TEST(R28_access_list_of_every_component),
		TEST(R28_link_at_every_component),
		TEST(R28_what_is_no_file),
		TEST(R28_a_mount_on_the_way),
		TEST(digest_changes_with_every_byte_and_name),
		TEST(digest_is_over_files_in_order),
		TEST(what_is_not_trusted_is_not_read),
		TEST(the_main_file_may_be_missing_if_asked),
		TEST(nothing_is_left_out_without_a_word),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
