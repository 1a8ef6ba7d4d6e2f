/* Transactions of an account that does what it likes; in a mount namespace of its own, as root. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "transaction-tree.h"

#define ID "0123456789abcdef0123456789abcdef"
#define OTHER_ID "fedcba9876543210fedcba9876543210"

static struct arena *arena;
static struct transaction transaction;
static const char *complaint;

static int begin(void **state)
{
	(void)state;
	tree_need_root();
	arena = arena_new();
	tree_make();
	complaint = NULL;
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (arena != NULL)
		arena_free(arena);
	arena = NULL;
	return 0;
}

static void open_it(void)
{
	if (tree_open(arena, ID, &transaction, &complaint) != 0)
		fail_msg("%s", complaint);
}

static const char *text(void)
{
	return tree_text(arena, TREE);
}

/* As it would be if the account had done it without a transaction. */
static const char *text_after(int (*act)(void))
{
	const char *result;

	assert_int_equal(tree_act_directly(act), 0);
	result = text();
	tree_make();
	return result;
}

static void every_kind_of_change_becomes_real(void **state)
{
	const char *wanted = text_after(tree_change), *before = text();

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, tree_change), 0);
	assert_string_equal(text(), before);
	if (transaction_commit(&transaction, NULL, NULL, &complaint) != 0)
		fail_msg("%s", complaint);
	assert_string_equal(text(), wanted);
	transaction_close(&transaction);
	assert_int_equal(tree_leftovers(), 0);
}

static void what_is_discarded_leaves_nothing(void **state)
{
	const char *before = text();

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, tree_change), 0);
	assert_int_equal(transaction_discard(&transaction, &complaint), 0);
	transaction_close(&transaction);
	assert_string_equal(text(), before);
	assert_int_equal(tree_leftovers(), 0);
}

static void note_step(void *context, const struct transaction_step *step)
{
	char **steps = context;

	*steps = arena_printf(arena, "%s%s %s\n", *steps, step->action, step->path + strlen(TREE));
}

static int change_few(void)
{
	return tree_write(TREE "/append", "new", 0644) != 0 || unlink(TREE "/remove") != 0 ||
	       mkdir(TREE "/made", 0755) != 0 || symlink("x", TREE "/made/link") != 0 ||
	       chmod(TREE "/directory", 0700) != 0;
}

static void each_change_is_told(void **state)
{
	static const char *const wanted[] = {"write /append\n", "remove /remove\n", "mkdir /made\n",
		"link /made/link\n", "mode /directory\n"};
	char *steps = arena_strdup(arena, "");

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, change_few), 0);
	assert_int_equal(transaction_commit(&transaction, note_step, &steps, &complaint), 0);
	transaction_close(&transaction);
	for (size_t i = 0; i < 5; i++)
		assert_non_null(strstr(steps, wanted[i]));
	assert_int_equal(strlen(steps), 14 + 15 + 12 + 16 + 16);
}

static int touch(void)
{
	const struct timespec times[2] = {{1000, 1}, {2000, 2}};

	return utimensat(AT_FDCWD, TREE "/append", times, 0);
}

static void times_come_along(void **state)
{
	struct stat status;

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, touch), 0);
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), 0);
	transaction_close(&transaction);
	assert_int_equal(stat(TREE "/append", &status), 0);
	assert_int_equal(status.st_mtim.tv_sec, 2000);
	assert_int_equal(status.st_mtim.tv_nsec, 2);
}

/* --- what comes along --- */

static int make_hard_links(void)
{
	return link(TREE "/append", TREE "/linked") != 0 || mkdir(TREE "/made", 0755) != 0 ||
	       tree_write(TREE "/made/one", "one", 0600) != 0 ||
	       link(TREE "/made/one", TREE "/made/two") != 0 ||
	       link(TREE "/made/one", TREE "/three") != 0;
}

static void hard_links_become_files_of_their_own(void **state)
{
	const char *wanted = text_after(make_hard_links);
	struct stat status;

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, make_hard_links), 0);
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), 0);
	transaction_close(&transaction);
	assert_string_equal(text(), wanted);
	assert_int_equal(stat(TREE "/three", &status), 0);
	assert_int_equal(status.st_nlink, 1);
}

static int make_in_setgid(void)
{
	return mkdir(TREE "/shared/made", 0775) != 0 ||
	       mkdir(TREE "/shared/made/deep", 0755) != 0 ||
	       tree_write(TREE "/shared/file", "new", 0644) != 0 ||
	       tree_write(TREE "/shared/made/file", "new", 0644) != 0 ||
	       chmod(TREE "/shared", 02755) != 0;
}

static void make_shared(void)
{
	assert_int_equal(mkdir(TREE "/shared", 0755), 0);
	assert_int_equal(chown(TREE "/shared", TREE_ACCOUNT, TREE_ACCOUNT), 0);
	assert_int_equal(chmod(TREE "/shared", 02775), 0);
}

static void setgid_directories_stay_what_they_are(void **state)
{
	const char *wanted;

	(void)state;
	make_shared();
	assert_int_equal(tree_act_directly(make_in_setgid), 0);
	wanted = text();
	assert_non_null(strstr(wanted, "/shared/made/deep 42755"));
	tree_make();
	make_shared();
	open_it();
	assert_int_equal(tree_act(&transaction, make_in_setgid), 0);
	if (transaction_commit(&transaction, NULL, NULL, &complaint) != 0)
		fail_msg("%s", complaint);
	transaction_close(&transaction);
	assert_string_equal(text(), wanted);
}

/* As RestrictSUIDSGID= of systemd.exec(5) does it. */
static void refuse_special_modes(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	static const unsigned bits[] = {S_ISUID, S_ISGID};

	for (size_t i = 0; filter != NULL && i < 2; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fchmod), 1,
			    SCMP_A1(SCMP_CMP_MASKED_EQ, bits[i], bits[i])) != 0 ||
			seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fchmodat), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, bits[i], bits[i])) != 0 ||
			seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mkdirat), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, bits[i], bits[i])) != 0 ||
			seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0) != 0)
			_exit(3);
	if (filter == NULL || seccomp_load(filter) != 0)
		_exit(3);
	seccomp_release(filter);
}

/* What it had to say, in a process of its own; "" is a commit. */
static const char *restricted_commit(int (*act)(void))
{
	int ends[2];
	size_t length;
	const char *said;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		refuse_special_modes();
		if (tree_open(arena, ID, &transaction, &complaint) == 0 &&
			tree_act(&transaction, act) == 0)
			(void)transaction_commit(&transaction, NULL, NULL, &complaint);
		(void)!write(ends[1], complaint, complaint == NULL ? 0 : strlen(complaint));
		transaction_close(&transaction);
		_exit(0);
	}
	close(ends[1]);
	said = fd_read_all(arena, ends[0], 4096, &length);
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return said;
}

static int make_below_setgid(void)
{
	umask(0);
	return mkdir(TREE "/shared/made", 0775) != 0 ||
	       tree_write(TREE "/shared/made/file", "new", 0644) != 0;
}

static int chmod_setgid(void)
{
	return chown(TREE "/shared", (uid_t)-1, TREE_ACCOUNT) != 0 ||
	       setxattr(TREE "/shared", "user.note", "x", 1, 0) != 0;
}

static void where_no_setgid_bit_may_be_set_nothing_is_half(void **state)
{
	const char *before;
	struct stat status;

	(void)state;
	make_shared();
	assert_string_equal(restricted_commit(make_below_setgid), "");
	assert_int_equal(stat(TREE "/shared/made", &status), 0);
	assert_int_equal(status.st_mode & 07777, 02775);
	before = text();
	assert_non_null(strstr(restricted_commit(chmod_setgid), "RestrictSUIDSGID="));
	assert_string_equal(text(), before);
	assert_int_equal(chmod(TREE, 02755), 0);
	assert_non_null(strstr(restricted_commit(make_below_setgid), "can't be given to a copy"));
	assert_int_equal(tree_leftovers(), 0);
}

/* acl(5) as the kernel has it: a version, then tag, permissions and id of each entry. */
static const unsigned char acl[] = {2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 4, 0, 184, 11,
	0, 0, 4, 0, 4, 0, 255, 255, 255, 255, 16, 0, 4, 0, 255, 255, 255, 255, 32, 0, 0, 0, 255,
	255, 255, 255};

static int set_acls(void)
{
	return setxattr(TREE "/append", "system.posix_acl_access", acl, sizeof(acl), 0) != 0 ||
	       setxattr(TREE "/directory", "system.posix_acl_default", acl, sizeof(acl), 0) != 0 ||
	       tree_write(TREE "/made", "no list of its own", 0640) != 0;
}

static int take_acl_away(void)
{
	return tree_write(TREE "/directory/bare", "bare", 0640) != 0 ||
	       removexattr(TREE "/directory/bare", "system.posix_acl_access") != 0;
}

static bool has_acl(const char *path, const char *name)
{
	unsigned char value[256];

	return lgetxattr(path, name, value, sizeof(value)) == sizeof(acl) &&
	       memcmp(value, acl, sizeof(acl)) == 0;
}

static void access_control_lists_come_along(void **state)
{
	(void)state;
	open_it();
	if (tree_act(&transaction, set_acls) != 0) {
		transaction_close(&transaction);
		skip();
	}
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), 0);
	transaction_close(&transaction);
	assert_true(has_acl(TREE "/append", "system.posix_acl_access"));
	assert_true(has_acl(TREE "/directory", "system.posix_acl_default"));
	assert_true(lgetxattr(TREE "/made", "system.posix_acl_access", NULL, 0) < 0);
	/* Nor does one come from the directory's. */
	open_it();
	assert_int_equal(tree_act(&transaction, take_acl_away), 0);
	if (transaction_commit(&transaction, NULL, NULL, &complaint) != 0)
		fail_msg("%s", complaint);
	transaction_close(&transaction);
	assert_true(lgetxattr(TREE "/directory/bare", "system.posix_acl_access", NULL, 0) < 0);
}

static int write_much(void)
{
	_cleanup_fd_ int fd = open(TREE "/much", O_WRONLY | O_CREAT, 0600);
	static char bytes[1 << 20];

	for (int i = 0; i < 8; i++)
		if (fd_write_all(fd, bytes, sizeof(bytes)) != 0)
			return 1;
	return tree_write(TREE "/append", "new", 0644);
}

static void no_space_is_seen_before_anything_is_done(void **state)
{
	const char *before = text();

	(void)state;
	assert_int_equal(mount(NULL, "/srv", NULL, MS_REMOUNT, "size=4m"), 0);
	open_it();
	assert_int_equal(tree_act(&transaction, write_much), 0);
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
	assert_int_equal(errno, ENOSPC);
	assert_non_null(strstr(complaint, "no space"));
	transaction_close(&transaction);
	assert_string_equal(text(), before);
	assert_int_equal(tree_leftovers(), 0);
}

static int change_both(void)
{
	return tree_write(TREE "/append", "both", 0644) != 0 ||
	       tree_write("/srv/second/file", "both", 0644) != 0;
}

static void several_paths_are_one_transaction(void **state)
{
	static const char *items[] = {TREE, "/srv/second"};
	struct strings paths = {.items = items, .count = 2};
	size_t length;

	(void)state;
	for (int i = 0; i < 2; i++) {
		tree_make();
		assert_int_equal(mkdir("/srv/second", 0755), 0);
		assert_int_equal(chown("/srv/second", TREE_ACCOUNT, TREE_ACCOUNT), 0);
		assert_int_equal(transaction_open(arena, ID, &paths, &transaction, &complaint), 0);
		assert_int_equal(tree_act(&transaction, change_both), 0);
		if (i == 1) /* in one of them is enough */
			assert_int_equal(tree_write("/srv/second/file", "theirs", 0644), 0);
		assert_int_equal(
			transaction_commit(&transaction, NULL, NULL, &complaint), i == 0 ? 0 : -1);
		transaction_close(&transaction);
		assert_string_equal(
			fd_read_file(arena, TREE "/append", 100, &length), i == 0 ? "both" : "old");
	}
}

/* --- conflicts --- */

static int others_write(void)
{
	return tree_write(TREE "/append", "of others", 0644);
}

static int others_remove(void)
{
	return unlink(TREE "/append");
}

static int others_replace(void)
{
	return tree_write(TREE "/x", "of others", 0644) != 0 || rename(TREE "/x", TREE "/append");
}

static int others_create(void)
{
	return tree_write(TREE "/new-one", "of others", 0644);
}

static int others_add(void)
{
	return tree_write(TREE "/gone/deeper/more", "of others", 0644);
}

static int others_remove_directory(void)
{
	return unlink(TREE "/directory/inside") != 0 || unlink(TREE "/directory/other") != 0 ||
	       rmdir(TREE "/directory") != 0;
}

static int others_link_directory(void)
{
	return rename(TREE "/directory", TREE "/elsewhere") != 0 ||
	       symlink("/etc", TREE "/directory") != 0;
}

static int others_chmod(void)
{
	return chmod(TREE "/directory", 0700);
}

static int ours(void)
{
	return tree_write(TREE "/append", "ours", 0644) != 0 ||
	       tree_write(TREE "/new-one", "ours", 0644) != 0 ||
	       unlink(TREE "/gone/deeper/file") != 0 || rmdir(TREE "/gone/deeper") != 0 ||
	       rmdir(TREE "/gone") != 0 || tree_write(TREE "/directory/inside", "ours", 0644) != 0;
}

static void what_others_changed_meanwhile_is_left_alone(void **state)
{
	int (*const acts[])(void) = {others_write, others_remove, others_replace, others_create,
		others_add, others_remove_directory, others_link_directory, others_chmod};

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		const char *before;

		tree_make();
		open_it();
		assert_int_equal(tree_act(&transaction, ours), 0);
		assert_int_equal(tree_act_directly(acts[i]), 0);
		before = text();
		assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
		assert_int_equal(errno, ESTALE);
		assert_non_null(strstr(complaint, "meanwhile"));
		assert_false(transaction.begun);
		transaction_close(&transaction);
		assert_string_equal(text(), before);
	}
}

static int others_elsewhere(void)
{
	return tree_write(TREE "/keep", "of others", 0644) != 0 ||
	       tree_write(TREE "/directory/more", "of others", 0644) != 0;
}

static void what_others_changed_elsewhere_stays(void **state)
{
	size_t length;

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, ours), 0);
	assert_int_equal(tree_act_directly(others_elsewhere), 0);
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), 0);
	transaction_close(&transaction);
	assert_string_equal(fd_read_file(arena, TREE "/keep", 100, &length), "of others");
	assert_string_equal(fd_read_file(arena, TREE "/directory/more", 100, &length), "of others");
	assert_string_equal(fd_read_file(arena, TREE "/append", 100, &length), "ours");
}

static void one_at_a_time_works_on_a_path(void **state)
{
	static const char *const paths[] = {TREE, TREE "/directory", "/srv"};
	struct transaction second;

	(void)state;
	open_it();
	for (size_t i = 0; i < 3; i++) {
		const char *path = paths[i];
		struct strings one = {.items = &path, .count = 1};

		assert_int_equal(transaction_open(arena, OTHER_ID, &one, &second, &complaint), -1);
		assert_int_equal(errno, EBUSY);
		assert_non_null(strstr(complaint, "another transaction"));
	}
	transaction_close(&transaction);
	assert_int_equal(tree_open(arena, OTHER_ID, &second, &complaint), 0);
	transaction_close(&second);
}

static void neighbours_do_not_wait_for_each_other(void **state)
{
	const char *path = "/srv/apps";
	struct strings one = {.items = &path, .count = 1};
	struct transaction second;

	(void)state;
	assert_int_equal(mkdir(path, 0755), 0);
	open_it();
	assert_int_equal(transaction_open(arena, OTHER_ID, &one, &second, &complaint), 0);
	transaction_close(&second);
	transaction_close(&transaction);
}

/* --- somebody who renames while root works --- */

/* A directory in TREE that is not the account's: it may rename it, but not change what is in it. */
static void make_foreign(void)
{
	assert_int_equal(mkdir(TREE "/foreign", 0755), 0);
	assert_int_equal(mkdir(TREE "/foreign/deeper", 0755), 0);
	assert_int_equal(tree_write(TREE "/foreign/file", "foreign", 0644), 0);
	assert_int_equal(tree_write(TREE "/foreign/inside", "foreign", 0644), 0);
	assert_int_equal(tree_write(TREE "/foreign/deeper/file", "foreign", 0644), 0);
}

static int swap_in(const char *name)
{
	return renameat2(AT_FDCWD, TREE "/foreign", AT_FDCWD, name, RENAME_EXCHANGE);
}

static int swap_directory(void)
{
	return swap_in(TREE "/directory");
}

static int swap_removed(void)
{
	return swap_in(TREE "/gone");
}

static int swap_replaced(void)
{
	return swap_in(TREE "/to-file");
}

static int swap_inside_removed(void)
{
	return rename(TREE "/gone/deeper", TREE "/other") != 0 || swap_in(TREE "/other");
}

static void another_directory_of_the_name_is_not_touched(void **state)
{
	int (*const acts[])(void) = {
		swap_directory, swap_removed, swap_replaced, swap_inside_removed};

	(void)state;
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		const char *before;

		tree_make();
		make_foreign();
		open_it();
		assert_int_equal(tree_act(&transaction, tree_change), 0);
		assert_int_equal(tree_act_directly(acts[i]), 0);
		before = text();
		assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
		assert_int_equal(errno, ESTALE);
		transaction_close(&transaction);
		assert_string_equal(text(), before);
	}
}

/* Wherever it is by now. */
static bool foreign_is_whole(void)
{
	const char *now = text();
	static const char *const lines[] = {"/file 100644 0:0 foreign",
		"/inside 100644 0:0 foreign", "/deeper/file 100644 0:0 foreign",
		"/deeper 40755 0:0 "};

	for (size_t i = 0; i < 4; i++)
		if (strstr(now, lines[i]) == NULL)
			return false;
	return true;
}

static int make_twin(void)
{
	return mkdir(TREE "/twin", 0755);
}

static int swap_twin(void)
{
	return renameat2(AT_FDCWD, TREE "/twin", AT_FDCWD, TREE "/directory", RENAME_EXCHANGE);
}

static int change_in_directory(void)
{
	return tree_write(TREE "/directory/inside", "ours", 0644);
}

static void a_directory_is_not_known_by_its_looks(void **state)
{
	const char *before;

	(void)state;
	assert_int_equal(tree_act_directly(make_twin), 0);
	open_it();
	assert_int_equal(tree_act(&transaction, change_in_directory), 0);
	assert_int_equal(tree_act_directly(swap_twin), 0);
	before = text();
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
	assert_int_equal(errno, ESTALE);
	transaction_close(&transaction);
	assert_string_equal(text(), before);
}

static int make_container(void)
{
	return mkdir(TREE "/.rolegate-" ID, 0700);
}

static void a_container_that_somebody_else_made_is_not_used(void **state)
{
	const char *before;

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, ours), 0);
	assert_int_equal(tree_act_directly(make_container), 0);
	before = text();
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
	assert_int_equal(errno, EEXIST);
	transaction_close(&transaction);
	assert_string_equal(text(), before);
}

static int remove_and_write_many(void)
{
	char name[32];

	if (chdir(TREE) != 0 || unlink("gone/deeper/file") != 0 || rmdir("gone/deeper") != 0 ||
		rmdir("gone") != 0)
		return 1;
	for (int i = 0; i < 50; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		if (tree_write(name, "new", 0644) != 0)
			return 1;
	}
	return 0;
}

static int move_into_removed(void)
{
	return rename(TREE "/foreign", TREE "/gone/foreign");
}

static int (*in_the_middle)(void);
static bool kept;

/* While it is committed: before its turn comes. */
static void act_in_the_middle(void *context, const struct transaction_step *step)
{
	(void)context;
	kept = kept || strcmp(step->action, "keep") == 0;
	if (in_the_middle != NULL && access(TREE "/gone", F_OK) == 0) {
		assert_int_equal(tree_act_directly(in_the_middle), 0);
		in_the_middle = NULL;
	}
}

static void what_is_swapped_in_the_middle_is_not_removed(void **state)
{
	(void)state;
	make_foreign();
	open_it();
	assert_int_equal(tree_act(&transaction, remove_and_write_many), 0);
	in_the_middle = swap_removed;
	assert_int_equal(transaction_commit(&transaction, act_in_the_middle, NULL, &complaint), -1);
	assert_null(in_the_middle);
	assert_int_equal(errno, ESTALE);
	assert_true(transaction.begun);
	assert_true(foreign_is_whole());
	transaction_close(&transaction);
	/* It is finished when things are as they were. */
	assert_int_equal(tree_act_directly(swap_removed), 0);
	assert_int_equal(transaction_recover(arena, NULL, NULL, &complaint), 0);
	assert_int_equal(access(TREE "/gone", F_OK), -1);
	assert_true(foreign_is_whole());
	assert_int_equal(tree_leftovers(), 0);
}

static void what_is_put_into_what_is_removed_is_kept(void **state)
{
	(void)state;
	make_foreign();
	assert_int_equal(chmod(TREE "/foreign", 01777), 0);
	open_it();
	assert_int_equal(tree_act(&transaction, remove_and_write_many), 0);
	in_the_middle = move_into_removed;
	kept = false;
	assert_int_equal(transaction_commit(&transaction, act_in_the_middle, NULL, &complaint), 0);
	assert_null(in_the_middle);
	transaction_close(&transaction);
	assert_true(kept);
	assert_int_equal(access(TREE "/gone", F_OK), -1);
	assert_true(foreign_is_whole());
	assert_int_equal(tree_leftovers(), 0);
}

/* Everything in TREE changes its place with everything else, and with links out of it. */
static int swap_without_end(void)
{
	static const char *const names[] = {"directory", "gone", "to-file", "again", "foreign",
		"to-directory", "empty", ".rolegate-" ID, "x", "new", "out"};
	enum { COUNT = sizeof(names) / sizeof(names[0]) };
	unsigned seed = (unsigned)getpid();

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || chdir(TREE) != 0)
		return 1;
	for (;;) {
		const char *one = names[(unsigned)rand_r(&seed) % COUNT];
		const char *other = names[(unsigned)rand_r(&seed) % COUNT];

		(void)renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
		(void)renameat2(AT_FDCWD, other, AT_FDCWD, one, RENAME_NOREPLACE);
		(void)!symlink("/srv/outside", "out");
		(void)mkdir("new", 0777);
		(void)rmdir("new");
	}
}

static pid_t start_swapping(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		_exit(setgid(TREE_ACCOUNT) != 0 || setuid(TREE_ACCOUNT) != 0 || swap_without_end());
	}
	return pid;
}

static void whoever_renames_meanwhile_gains_nothing(void **state)
{
	int committed = 0, unfinished = 0;

	(void)state;
	for (int i = 0; i < 200; i++) {
		const char *outside;
		pid_t pid;

		tree_make();
		make_foreign();
		assert_int_equal(mkdir("/srv/outside", 0777) | chmod("/srv/outside", 0777), 0);
		assert_int_equal(tree_write("/srv/outside/inside", "outside", 0666), 0);
		outside = tree_text(arena, "/srv/outside");
		open_it();
		assert_int_equal(tree_act(&transaction, tree_change), 0);
		pid = start_swapping();
		if (i % 2 == 0)
			usleep(200);
		committed += transaction_commit(&transaction, NULL, NULL, &complaint) == 0;
		unfinished += transaction.begun;
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, NULL, 0), pid);
		transaction_close(&transaction);
		assert_string_equal(tree_text(arena, "/srv/outside"), outside);
		if (!foreign_is_whole())
			fail_msg("%s", text());
	}
	print_message("%d of 200 committed, %d unfinished\n", committed, unfinished);
}

/* --- an account that means ill --- */

static int make_fifo(void)
{
	return mkfifo(TREE "/fifo", 0600);
}

static int make_fifo_inside(void)
{
	return mkdir(TREE "/made", 0755) != 0 || mkfifo(TREE "/made/fifo", 0600);
}

static int make_setuid(void)
{
	return tree_write(TREE "/setuid", "#!", 04755);
}

static int make_setgid(void)
{
	return tree_write(TREE "/directory/setgid", "#!", 02755);
}

static int make_setgid_directory(void)
{
	return chmod(TREE "/directory", 02755);
}

static int make_large(void)
{
	_cleanup_fd_ int fd = open(TREE "/large", O_WRONLY | O_CREAT, 0600);

	return ftruncate(fd, (off_t)TRANSACTION_BYTES_MAX + 1);
}

static int nest(int levels)
{
	if (chdir(TREE) != 0)
		return 1;
	for (int i = 0; i < levels; i++)
		if (mkdir("d", 0755) != 0 || chdir("d") != 0)
			return 1;
	return 0;
}

static int make_deep(void)
{
	return nest(TRANSACTION_DEPTH_MAX + 1);
}

/* No path of it is short enough for any system call. */
static int make_very_deep(void)
{
	return nest(3000);
}

static int make_many(void)
{
	char name[32];

	if (chdir(TREE "/directory") != 0)
		return 1;
	for (int i = 0; i <= TRANSACTION_ENTRIES_MAX; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		if (symlink("x", name) != 0)
			return 1;
	}
	return 0;
}

static void what_is_never_committed_is_refused(void **state)
{
	static const struct {
		int (*act)(void);
		int error;
		const char *says;
	} cases[] = {{make_fifo, EPERM, "FIFO"}, {make_fifo_inside, EPERM, "made/fifo is a device"},
		{make_setuid, EPERM, "has a setuid or setgid bit"},
		{make_setgid, EPERM, "has a setuid or setgid bit"},
		{make_setgid_directory, EPERM, "directory would get"}, {make_large, EFBIG, "4 GiB"},
		{make_deep, EFBIG, "deep"}, {make_very_deep, EFBIG, "deep"},
		{make_many, EFBIG, "one change too many"}};
	const char *before = text();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_it();
		assert_int_equal(tree_act(&transaction, cases[i].act), 0);
		assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
		assert_int_equal(errno, cases[i].error);
		assert_non_null(strstr(complaint, cases[i].says));
		transaction_close(&transaction);
		assert_string_equal(text(), before);
		assert_int_equal(tree_leftovers(), 0);
	}
}

static int try_whiteouts(void)
{
	return mknod(TREE "/remove", S_IFCHR | 0600, makedev(0, 0)) == 0 ||
	       mknod(TREE "/whiteout", S_IFCHR | 0600, makedev(0, 0)) == 0 ||
	       setxattr(TREE "/directory", "trusted.overlay.opaque", "y", 1, 0) == 0 ||
	       open(ROLEGATE_STATE_DIR "/transactions", O_RDONLY) >= 0 ||
	       tree_write(TREE "/roots", "mine", 0644) == 0;
}

static void an_account_can_not_reach_what_the_overlay_is_made_of(void **state)
{
	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, try_whiteouts), 0);
	transaction_close(&transaction);
}

static void what_is_unchangeable_is_seen_before_anything_is_done(void **state)
{
	_cleanup_fd_ int fd = open(TREE "/append", O_RDONLY);
	const char *before = text();
	int flags = FS_IMMUTABLE_FL, none = 0;

	(void)state;
	open_it();
	assert_int_equal(tree_act(&transaction, ours), 0);
	if (ioctl(fd, FS_IOC_SETFLAGS, &flags) != 0) {
		transaction_close(&transaction);
		skip();
	}
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
	assert_int_equal(errno, EPERM);
	transaction_close(&transaction);
	assert_int_equal(ioctl(fd, FS_IOC_SETFLAGS, &none), 0);
	assert_string_equal(text(), before);
}

static int held[2];

static int leave_a_writer(void)
{
	int fd = open(TREE "/append", O_WRONLY);
	char byte;

	if (fd < 0 || fork() != 0)
		return fd < 0;
	close(held[1]);
	(void)!read(held[0], &byte, 1);
	_exit(0);
}

static void nobody_writes_any_more_when_it_is_committed(void **state)
{
	const char *before = text();

	(void)state;
	assert_int_equal(pipe(held), 0);
	open_it();
	assert_int_equal(tree_act(&transaction, leave_a_writer), 0);
	assert_int_equal(transaction_commit(&transaction, NULL, NULL, &complaint), -1);
	assert_int_equal(errno, EBUSY);
	close(held[0]);
	close(held[1]);
	transaction_close(&transaction);
	assert_string_equal(text(), before);
}

static void paths_that_can_be_none_are_refused(void **state)
{
	static const struct {
		const char *path, *says;
	} cases[] = {{"/srv/none", "No such file"}, {TREE "/keep", "not a directory"},
		{TREE "/link", "symbolic link"}, {"/", "gateway's own"}, {"/var", "gateway's own"},
		{ROLEGATE_CONFIG_DIR, "gateway's own"}, {TREE "/read-only", "read-only"},
		{TREE, "mounted below"}};

	(void)state;
	assert_int_equal(mkdir(TREE "/read-only", 0755), 0);
	assert_int_equal(mount("tmpfs", TREE "/read-only", "tmpfs", MS_RDONLY, "mode=755"), 0);
	(void)mkdir(ROLEGATE_CONFIG_DIR, 0755);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct strings one = {.items = (const char **)&cases[i].path, .count = 1};

		if (strcmp(cases[i].path, ROLEGATE_CONFIG_DIR) == 0 &&
			access(cases[i].path, F_OK) != 0)
			continue;
		assert_int_equal(transaction_open(arena, ID, &one, &transaction, &complaint), -1);
		assert_non_null(strstr(complaint, cases[i].says));
	}
}

static void a_state_that_can_hold_no_changes_is_said(void **state)
{
	const char *path = TREE;
	struct strings one = {.items = &path, .count = 1};

	(void)state;
	assert_int_equal(mkdir("/srv/l", 0755) | mkdir("/srv/u", 0755) | mkdir("/srv/w", 0755), 0);
	assert_int_equal(mount("overlay", "/var/lib", "overlay", 0,
				 "lowerdir=/srv/l,upperdir=/srv/u,workdir=/srv/w"),
		0);
	assert_int_equal(transaction_open(arena, ID, &one, &transaction, &complaint), -1);
	assert_non_null(strstr(complaint, "no overlay of " TREE));
	assert_int_equal(tree_leftovers(), 0);
	assert_int_equal(umount2("/var/lib", MNT_DETACH), 0);
}

/* --- crashes --- */

static void note_told(void *context, const char *id, const char *what)
{
	assert_string_equal(id, ID);
	*(const char **)context = arena_strdup(arena, what);
}

static void recover(const char **told)
{
	*told = NULL;
	if (transaction_recover(arena, note_told, told, &complaint) != 0)
		fail_msg("%s", complaint);
}

/* The whole transaction in a process of its own that ends at its step N. Whether it got that far.
 */
static bool crash_at(int step)
{
	int status;
	pid_t pid = fork();
	char number[16];

	if (pid == 0) {
		open_it();
		if (tree_act(&transaction, tree_change) != 0)
			_exit(1);
		(void)snprintf(number, sizeof(number), "%d", step);
		setenv("ROLEGATE_TEST_CRASH", number, 1);
		if (transaction_commit(&transaction, NULL, NULL, &complaint) != 0)
			_exit(2);
		transaction_close(&transaction);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), 0);
	return WIFSIGNALED(status);
}

/* And so does the process that recovers. */
static void crash_again(int step)
{
	pid_t pid = fork();
	char number[16];
	const char *told;

	if (pid == 0) {
		(void)snprintf(number, sizeof(number), "%d", step);
		setenv("ROLEGATE_TEST_CRASH", number, 1);
		(void)transaction_recover(arena, note_told, &told, &complaint);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void a_crash_at_any_step_leaves_nothing_half(void **state)
{
	const char *after = text_after(tree_change), *before = text(), *told;
	int committed = 0, rolled_back = 0;

	(void)state;
#ifndef FAULT_INJECTION
	skip();
#endif
	for (int step = 1; crash_at(step); step++) {
		if (step % 3 == 0)
			crash_again(step % 7 + 1);
		recover(&told);
		if (told != NULL && strcmp(told, "committed") == 0) {
			committed++;
			assert_string_equal(text(), after);
		} else if (told != NULL) {
			rolled_back++;
			assert_string_equal(text(), before);
		} else if (strcmp(text(), after) != 0) {
			assert_string_equal(text(), before);
		}
		assert_int_equal(tree_leftovers(), 0);
		tree_make();
	}
	print_message("%d steps committed, %d rolled back\n", committed, rolled_back);
	assert_true(committed > 20 && rolled_back > 10);
}

static void what_runs_is_not_recovered(void **state)
{
	const char *told;

	(void)state;
	open_it();
	recover(&told);
	assert_null(told);
	assert_int_equal(tree_act(&transaction, ours), 0);
	transaction_close(&transaction);
}

static void what_can_not_be_finished_is_told_and_keeps_its_paths(void **state)
{
	_cleanup_fd_ int mark = -1;
	struct transaction second;
	const char *told = NULL;
	pid_t pid;

	(void)state;
	pid = fork();
	if (pid == 0) {
		open_it();
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	mark = open(ROLEGATE_STATE_DIR "/transactions/" ID "/commit", O_WRONLY | O_CREAT, 0600);
	assert_true(mark >= 0);
	assert_int_equal(rename(TREE, "/srv/moved"), 0);
	assert_int_equal(transaction_recover(arena, note_told, &told, &complaint), -1);
	assert_null(told);
	assert_non_null(strstr(complaint, ID));
	assert_int_equal(mkdir(TREE, 0755), 0);
	assert_int_equal(tree_open(arena, OTHER_ID, &second, &complaint), -1);
	assert_int_equal(errno, EBUSY);
	assert_non_null(strstr(complaint, ID));
	assert_int_equal(tree_leftovers(), 1);
	/* Another directory of that name is not it. */
	assert_int_equal(transaction_recover(arena, note_told, &told, &complaint), -1);
	assert_non_null(strstr(complaint, "another directory"));
	assert_int_equal(rmdir(TREE), 0);
	assert_int_equal(rename("/srv/moved", TREE), 0);
	recover(&told);
	assert_string_equal(told, "committed");
	assert_int_equal(tree_leftovers(), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind_of_change_becomes_real),
		TEST(what_is_discarded_leaves_nothing),
		TEST(each_change_is_told),
		TEST(times_come_along),
		TEST(hard_links_become_files_of_their_own),
		TEST(setgid_directories_stay_what_they_are),
		TEST(where_no_setgid_bit_may_be_set_nothing_is_half),
		TEST(access_control_lists_come_along),
		TEST(no_space_is_seen_before_anything_is_done),
		TEST(several_paths_are_one_transaction),
		TEST(what_others_changed_meanwhile_is_left_alone),
		TEST(what_others_changed_elsewhere_stays),
		TEST(one_at_a_time_works_on_a_path),
		TEST(neighbours_do_not_wait_for_each_other),
		TEST(another_directory_of_the_name_is_not_touched),
		TEST(a_directory_is_not_known_by_its_looks),
		TEST(a_container_that_somebody_else_made_is_not_used),
		TEST(what_is_swapped_in_the_middle_is_not_removed),
		TEST(what_is_put_into_what_is_removed_is_kept),
		TEST(whoever_renames_meanwhile_gains_nothing),
		TEST(what_is_never_committed_is_refused),
		TEST(an_account_can_not_reach_what_the_overlay_is_made_of),
		TEST(what_is_unchangeable_is_seen_before_anything_is_done),
		TEST(nobody_writes_any_more_when_it_is_committed),
		TEST(paths_that_can_be_none_are_refused),
		TEST(a_state_that_can_hold_no_changes_is_said),
		TEST(a_crash_at_any_step_leaves_nothing_half),
		TEST(what_runs_is_not_recovered),
		TEST(what_can_not_be_finished_is_told_and_keeps_its_paths),
	};

	/* Memory is mounted over /var/lib: a build with another --localstatedir keeps nothing there. */
	if (geteuid() != 0 || strncmp(ROLEGATE_STATE_DIR, "/var/lib/", 9) != 0) {
		puts("1..0 # SKIP needs root and --localstatedir=/var");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
