/*
 * Files of a drive that are read here: for a record, or for a program that takes one. Their owner
 * can change them at any time, so a program gets a copy, and what was copied is what was hashed.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "config/digest.h"
#include "confine/view.h"
#include "gateway/drive.h"

enum { CHUNK = 128 * 1024, COPY_MODE = 0444 };

/* No directory is in a drive, so a name without a slash, not followed, can lead nowhere else. */
static int open_file(int directory, const char *name, struct stat *status)
{
	_cleanup_fd_ int fd = -1;

	errno = ENOENT;
	if (strchr(name, '/') != NULL)
		return -1;
	fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, status) < 0)
		return -1;
	if (S_ISREG(status->st_mode))
		return fd_take(&fd);
	errno = EINVAL;
	return -1;
}

/* To the end of `from`, or to `most` bytes; with a copy in `to` unless it is -1. 0, or -1, errno.
 */
static int pass(int from, int to, uint64_t most, struct record_file *file)
{
	struct digest digest;
	char bytes[CHUNK];
	ssize_t got;
	int result = 0;

	file->size = 0;
	digest_begin(&digest);
	while (result == 0 && (got = read(from, bytes, sizeof(bytes))) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		file->size += got < 0 ? 0 : (uint64_t)got;
		if (got < 0 || file->size > most) {
			errno = got < 0 ? errno : EFBIG;
			result = -1;
			break;
		}
		digest_bytes(&digest, bytes, (size_t)got);
		if (to >= 0)
			result = fd_write_all(to, bytes, (size_t)got);
	}
	file->has_size = true;
	return digest_end(&digest, file->digest) == 0 ? result : -1;
}

int drive_open_file(int directory, const char *name)
{
	struct stat status;

	return open_file(directory, name, &status);
}

int drive_describe(int directory, const char *name, struct record_file *file)
{
	_cleanup_fd_ int fd = drive_open_file(directory, name);

	if (fd >= 0 && pass(fd, -1, UINT64_MAX, file) == 0)
		return 0;
	file->missing = fd < 0 ? "gone" : "unreadable";
	file->has_size = false;
	file->digest[0] = '\0';
	return -1;
}

/*
 * On a mount of its own, which nothing can be executed from: who lists what a program may execute
 * does not mean what its caller brings.
 */
static int open_noexec(struct request *request, int place)
{
	struct mount_attr attributes = {
		.attr_set = MOUNT_ATTR_NOEXEC | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV};
	_cleanup_fd_ int tree = -1;

	if (!request->session->support->mounts) {
		errno = EPERM;
		return view_limits_execute(&request->decision.confinement->restriction)
			       ? -1
			       : fcntl(place, F_DUPFD_CLOEXEC, 3);
	}
	tree = open_tree(place, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || mount_setattr(tree, "", AT_EMPTY_PATH, &attributes, sizeof(attributes)) < 0)
		return -1;
	return fd_take(&tree);
}

/* Root's, without a name, not to be written by anybody. */
static int make_copy(struct request *request, int place)
{
	_cleanup_fd_ int tree = open_noexec(request, place), fd = -1;
	const char *name = arena_printf(request->arena, ".%s", request->id.text);

	if (tree < 0)
		return -1;
	fd = openat(tree, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, COPY_MODE);
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
		fd = openat(
			tree, name, O_CREAT | O_EXCL | O_RDWR | O_NOFOLLOW | O_CLOEXEC, COPY_MODE);
		if (fd >= 0 && unlinkat(tree, name, 0) < 0)
			return -1;
	}
	return fd < 0 || fchmod(fd, COPY_MODE) < 0 ? -1 : fd_take(&fd);
}

static int reopen(struct request *request, int fd)
{
	return open(arena_printf(request->arena, "/proc/self/fd/%d", fd), O_RDONLY | O_CLOEXEC);
}

static int refuse(struct request *request, const struct decision_file *file)
{
	request_deny(request, errno == EFBIG ? REASON_LIMIT : REASON_INVALID_VALUE, "%s: \"%s\" %s",
		file->parameter, file->name,
		errno == ENOENT	 ? "is not in your drive"
		: errno == EFBIG ? "has grown while it was copied"
		: errno == ELOOP || errno == EINVAL || errno == EMLINK
			? "is not a plain file of your drive"
			: strerror(errno));
	return -1;
}

struct taken {
	int file; /* -1 */
	uint64_t size;
};

static int open_source(
	const struct decision_file *wanted, int directory, uid_t owner, struct taken *taken)
{
	struct stat status;

	taken->file = open_file(directory, wanted->name, &status);
	if (taken->file < 0)
		return -1;
	taken->size = (uint64_t)status.st_size;
	errno = EMLINK; /* one that somebody else's may be, too, is none of the drive's */
	return status.st_nlink == 1 && status.st_uid == owner ? 0 : -1;
}

static int copy(struct request *request, int place, const struct taken *taken, size_t index)
{
	struct record_file *file = &request->drive_files[index];
	_cleanup_fd_ int made = make_copy(request, place);

	if (made < 0 || pass(taken->file, made, taken->size, file) != 0)
		return -1;
	request->files[index] = reopen(request, made);
	return request->files[index] < 0 ? -1 : 0;
}

static int take(struct request *request, const struct drive *drive, const struct account *owner,
	struct taken *taken)
{
	const struct decision *decision = &request->decision;
	_cleanup_fd_ int place = -1, directory = -1;
	uint64_t bytes = 0;

	if (drive_directory(request, drive, owner, &place, &directory) != 0)
		return -1;
	for (size_t i = 0; i < decision->file_count; i++) {
		const struct decision_file *wanted = &decision->files[i];

		request->drive_files[i] = (struct record_file){
			.action = "use", .name = wanted->name, .parameter = wanted->parameter};
		if (open_source(wanted, directory, owner->uid, &taken[i]) != 0)
			return refuse(request, wanted);
		bytes += taken[i].size;
	}
	if (drive_reserve_copies(request, drive, place, bytes) != 0)
		return -1;
	for (size_t i = 0; i < decision->file_count; i++)
		if (copy(request, place, &taken[i], i) != 0)
			return refuse(request, &decision->files[i]);
	return 0;
}

static int find_owner(struct request *request, const struct drive *drive, struct account *owner)
{
	const char *complaint = NULL;

	*owner = request->session->operator;
	if (strcmp(drive->run_as, "caller") == 0 ||
		account_by_name(request->arena, drive->run_as, owner, &complaint) == 0)
		return 0;
	request_deny(request, REASON_ACCOUNT_REFUSED, "%s", complaint);
	return -1;
}

int request_open_files(struct request *request)
{
	const struct decision *decision = &request->decision;
	const struct drive *drive = request->session->endpoint->drive;
	struct taken taken[SPAWN_FILES_MAX];
	struct account owner;
	int result;

	if (decision->file_count == 0)
		return 0;
	/* Learned ones too (R34). */
	if (request->approval != 0) {
		request_deny(request, REASON_DISABLED,
			"an approval is of exact words and bytes, and a file of a drive can "
			"change: "
			"what takes one runs by a role alone");
		return -1;
	}
	if (drive == NULL || decision->file_count > SPAWN_FILES_MAX ||
		find_owner(request, drive, &owner) != 0)
		return -1;
	for (size_t i = 0; i < SPAWN_FILES_MAX; i++)
		taken[i].file = -1;
	result = take(request, drive, &owner, taken);
	for (size_t i = 0; i < SPAWN_FILES_MAX; i++)
		fd_close(&taken[i].file);
	return result;
}

int request_record_files(struct request *request)
{
	for (size_t i = 0; i < request->decision.file_count; i++) {
		if (report_file(request, &request->drive_files[i], true) == 0)
			continue;
		request_deny(request, REASON_GATEWAY_ERROR,
			"a file of the drive could not be recorded, so nothing was run");
		return -1;
	}
	return 0;
}
