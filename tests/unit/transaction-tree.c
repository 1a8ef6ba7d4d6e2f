#include "transaction-tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/strings.h"
#include "base/text.h"

void tree_need_root(void)
{
	static bool ready;

	if (ready)
		return;
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ready = true;
}

static void fresh_memory(const char *path)
{
	(void)umount2(path, MNT_DETACH);
	assert_int_equal(mount("tmpfs", path, "tmpfs", 0, "mode=755"), 0);
}

int tree_write(const char *path, const char *text, unsigned mode)
{
	_cleanup_fd_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode);

	return fd < 0 || fd_write_all(fd, text, strlen(text)) != 0 ? -1 : fchmod(fd, mode);
}

static int build(void)
{
	return tree_write(TREE "/keep", "kept", 0640) != 0 ||
	       tree_write(TREE "/replace", "old", 0600) != 0 ||
	       tree_write(TREE "/append", "old", 0644) != 0 ||
	       tree_write(TREE "/remove", "old", 0644) != 0 ||
	       tree_write(TREE "/mode", "same", 0644) != 0 ||
	       tree_write(TREE "/rename", "moved", 0644) != 0 ||
	       tree_write(TREE "/to-directory", "old", 0644) != 0 ||
	       symlink("keep", TREE "/link") != 0 || mkdir(TREE "/directory", 0755) != 0 ||
	       tree_write(TREE "/directory/inside", "old", 0644) != 0 ||
	       tree_write(TREE "/directory/other", "other", 0644) != 0 ||
	       mkdir(TREE "/gone", 0755) != 0 || mkdir(TREE "/gone/deeper", 0755) != 0 ||
	       tree_write(TREE "/gone/deeper/file", "old", 0644) != 0 ||
	       mkdir(TREE "/to-file", 0755) != 0 ||
	       tree_write(TREE "/to-file/inside", "old", 0644) != 0 ||
	       mkdir(TREE "/again", 0755) != 0 ||
	       tree_write(TREE "/again/before", "old", 0644) != 0 ||
	       mkdir(TREE "/empty", 0755) != 0;
}

void tree_make(void)
{
	fresh_memory("/var/lib");
	fresh_memory("/srv");
	assert_int_equal(mkdir(TREE, 0755), 0);
	assert_int_equal(chown(TREE, TREE_ACCOUNT, TREE_ACCOUNT), 0);
	assert_int_equal(tree_write(TREE "/roots", "root's", 0644), 0);
	assert_int_equal(tree_act_directly(build), 0);
}

int tree_change(void)
{
	return tree_write(TREE "/new", "replaced", 0600) != 0 ||
	       rename(TREE "/new", TREE "/replace") != 0 ||
	       tree_write(TREE "/append", "longer than it was", 0644) != 0 ||
	       unlink(TREE "/remove") != 0 || chmod(TREE "/mode", 0400) != 0 ||
	       rename(TREE "/rename", TREE "/renamed\nname") != 0 ||
	       unlink(TREE "/to-directory") != 0 || mkdir(TREE "/to-directory", 0750) != 0 ||
	       tree_write(TREE "/to-directory/new", "new", 0640) != 0 ||
	       unlink(TREE "/link") != 0 || symlink("/etc/shadow", TREE "/link") != 0 ||
	       tree_write(TREE "/directory/inside", "changed", 0644) != 0 ||
	       chmod(TREE "/directory", 0711) != 0 || unlink(TREE "/gone/deeper/file") != 0 ||
	       rmdir(TREE "/gone/deeper") != 0 || rmdir(TREE "/gone") != 0 ||
	       unlink(TREE "/to-file/inside") != 0 || rmdir(TREE "/to-file") != 0 ||
	       tree_write(TREE "/to-file", "file", 0644) != 0 ||
	       unlink(TREE "/again/before") != 0 || rmdir(TREE "/again") != 0 ||
	       mkdir(TREE "/again", 0700) != 0 ||
	       tree_write(TREE "/again/after", "new", 0600) != 0 || rmdir(TREE "/empty") != 0 ||
	       mkdir(TREE "/deep", 0755) != 0 || mkdir(TREE "/deep/er", 0755) != 0 ||
	       tree_write(TREE "/deep/er/file", "deep", 0644) != 0 ||
	       symlink("er/file", TREE "/deep/link") != 0 ||
	       setxattr(TREE "/keep", "user.note", "noted", 5, 0) != 0;
}

static void become_account(void)
{
	if (setgroups(0, NULL) != 0 || setresgid(TREE_ACCOUNT, TREE_ACCOUNT, TREE_ACCOUNT) != 0 ||
		setresuid(TREE_ACCOUNT, TREE_ACCOUNT, TREE_ACCOUNT) != 0)
		_exit(99);
	umask(022);
}

static int wait_for(pid_t pid)
{
	int status = -1;

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int tree_act(const struct transaction *transaction, int (*act)(void))
{
	pid_t pid = fork();

	if (pid != 0)
		return wait_for(pid);
	if (transaction_mount(transaction) != 0 || !transaction_holds(transaction))
		_exit(98);
	become_account();
	_exit(act());
}

int tree_act_directly(int (*act)(void))
{
	pid_t pid = fork();

	if (pid != 0)
		return wait_for(pid);
	become_account();
	_exit(act());
}

int tree_open(struct arena *arena, const char *id, struct transaction *transaction,
	const char **complaint)
{
	static const char *items[] = {TREE};
	struct strings paths = {.items = items, .count = 1};

	return transaction_open(arena, id, &paths, transaction, complaint);
}

static const char *note_of(struct arena *arena, const char *path)
{
	char value[64];
	ssize_t length = lgetxattr(path, "user.note", value, sizeof(value));

	if (lgetxattr(path, "trusted.rolegate", NULL, 0) >= 0)
		return " MARKED";
	return length < 0 ? "" : arena_printf(arena, " note=%.*s", (int)length, value);
}

static const char *content_of(struct arena *arena, const char *path, mode_t mode)
{
	char target[PATH_MAX];
	ssize_t length;

	if (S_ISREG(mode)) {
		size_t size = 0;
		const char *bytes = fd_read_file(arena, path, 1 << 20, &size);

		assert_non_null(bytes);
		return text_escape(arena, bytes, size);
	}
	length = S_ISLNK(mode) ? readlink(path, target, sizeof(target)) : 0;
	return arena_strndup(arena, target, length < 0 ? 0 : (size_t)length);
}

static void add_tree(struct arena *arena, struct strings *lines, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	assert_true(count >= 0);
	for (int i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;
		const char *file = arena_printf(arena, "%s/%s", path, name);
		struct stat status;

		if (strcmp(name, "..") != 0 && lstat(file, &status) == 0) {
			strings_add(arena, lines,
				arena_printf(arena, "%s %o %u:%u%s %s",
					text_escape(arena, file, strlen(file)), status.st_mode,
					status.st_uid, status.st_gid, note_of(arena, file),
					content_of(arena, file, status.st_mode)));
			if (S_ISDIR(status.st_mode) && strcmp(name, ".") != 0)
				add_tree(arena, lines, file);
		}
		free(entries[i]);
	}
	free(entries);
}

const char *tree_text(struct arena *arena, const char *path)
{
	struct strings lines = {.count = 0};

	add_tree(arena, &lines, path);
	return strings_join(arena, &lines, "\n");
}

int tree_leftovers(void)
{
	DIR *list = opendir(ROLEGATE_STATE_DIR "/transactions");
	const struct dirent *entry;
	int count = 0;

	assert_non_null(list);
	while ((entry = readdir(list)) != NULL)
		count += entry->d_name[0] != '.' && strcmp(entry->d_name, "locks") != 0;
	closedir(list);
	return count;
}
