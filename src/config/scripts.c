/* The script files of functions, read once at the load: what they hash to is known from then on. */
#include "config/scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/text.h"
#include "config/digest.h"
#include "config/trust.h"
#include "config/trust_files.h"

static int identify(int fd, struct script_identity *identity)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -1;
	*identity = (struct script_identity){
		.device = status.st_dev,
		.inode = status.st_ino,
		.size = (uint64_t)status.st_size,
		.changed_seconds = status.st_ctim.tv_sec,
		.changed_nanoseconds = status.st_ctim.tv_nsec,
	};
	if (S_ISREG(status.st_mode))
		return 0;
	errno = EINVAL;
	return -1;
}

static int fail(int error, const char **complaint, const char *text)
{
	*complaint = text;
	errno = error;
	return -1;
}

bool script_is_same(const struct script_identity *left, const struct script_identity *right)
{
	return left->device == right->device && left->inode == right->inode &&
	       left->size == right->size && left->changed_seconds == right->changed_seconds &&
	       left->changed_nanoseconds == right->changed_nanoseconds;
}

int script_identity(int fd, struct script_identity *identity)
{
	return identify(fd, identity);
}

static unsigned long hashed;

unsigned long script_hash_count(void)
{
	return hashed;
}

int script_read(struct arena *arena, int fd, struct script_content *content, const char **complaint)
{
	struct script_identity after;
	struct digest digest;

	if (identify(fd, &content->identity) < 0)
		return fail(EINVAL, complaint, "it is not a regular file");
	content->bytes = fd_read_all(arena, fd, SCRIPT_SIZE_MAX, &content->length);
	if (content->bytes == NULL && errno == EFBIG)
		return fail(EFBIG, complaint, "it is larger than 1 MiB");
	if (content->bytes == NULL || identify(fd, &after) < 0)
		return fail(errno, complaint,
			arena_printf(arena, "it can't be read: %s", strerror(errno)));
	if (!script_is_same(&content->identity, &after) || after.size != content->length)
		return fail(ESTALE, complaint, "it was changed while it was read");
	if (content->length >= 4 && memcmp(content->bytes, "\177ELF", 4) == 0)
		return fail(EILSEQ, complaint, script_is_program);
	if (strlen(content->bytes) != content->length ||
		!text_is_utf8(content->bytes, content->length))
		return fail(EILSEQ, complaint, "it is not UTF-8 text");
	hashed++;
	digest_begin(&digest);
	digest_bytes(&digest, content->bytes, content->length);
	return digest_end(&digest, content->digest) == 0
		       ? 0
		       : fail(EIO, complaint, "SHA-256 is not available");
}

int script_refresh(struct arena *arena, const struct function *function,
	const struct script_content **content, const char **complaint)
{
	const struct script *script = &function->script;
	_cleanup_fd_ int fd = trust_open(
		arena, script->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, complaint);
	struct script_content *now;
	struct script_identity identity;

	if (fd < 0)
		return -1;
	*content = &script->content;
	if (identify(fd, &identity) == 0 &&
		script_is_same(&identity, &script->content.identity) &&
		script->content.digest[0] != '\0')
		return 0;
	now = arena_alloc(arena, sizeof(*now));
	if (script_read(arena, fd, now, complaint) < 0)
		return -1;
	*complaint = function_script_refused(arena, now, script->interpreter);
	if (*complaint != NULL) {
		errno = ENOEXEC;
		return -1;
	}
	*content = now;
	if (function->trust != NULL && function->trust->key != NULL)
		now->signature_holds = trust_signature_holds(
			arena, function->trust, script->path, now->bytes, now->length);
	return 0;
}

static enum problem_level level_of(unsigned load)
{
	return (load & CONFIG_SCRIPTS_WARN) != 0 ? PROBLEM_WARNING : PROBLEM_ERROR;
}

/*
 * Its file, trusted (R28); or, where nothing is run from it, with a warning. -1 after a problem.
 */
static int open_file(
	struct arena *arena, const struct function *function, unsigned load, struct problems *problems)
{
	const int flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	const struct command *command = function->command;
	const char *path = function->script.path, *complaint = NULL;
	int fd = trust_open(arena, path, flags, &complaint);
	bool trusted = fd >= 0 || errno != EPERM;
	/* Not every reader may look at what root runs. */
	bool tolerated = fd < 0 && (load & CONFIG_TRUST_WARNS) != 0 && (!trusted || errno == EACCES);

	if (fd >= 0)
		return fd;
	problem_add(problems, tolerated ? PROBLEM_WARNING : level_of(load), command->source,
		"function \"%s\": %s%s", command->name, trusted ? "" : "not trusted: ",
		complaint);
	return tolerated ? open(path, flags) : -1;
}

static void read_one(
	struct arena *arena, struct function *function, unsigned load, struct problems *problems)
{
	struct script *script = &function->script;
	_cleanup_fd_ int fd = open_file(arena, function, load, problems);
	const char *complaint = NULL;

	if (fd >= 0 && script_read(arena, fd, &script->content, &complaint) == 0)
		complaint = function_script_refused(arena, &script->content, script->interpreter);
	if (complaint != NULL)
		problem_add(problems, level_of(load), function->command->source,
			"function \"%s\": %s: %s", function->command->name, script->path,
			complaint);
}

void scripts_read(struct policy *policy, unsigned flags, struct problems *problems)
{
	for (size_t i = 0; i < policy->command_count; i++) {
		const struct function *function = policy->commands[i]->function;

		if (function != NULL && function->script.path != NULL)
			read_one(policy->arena, (struct function *)(uintptr_t)function, flags,
				problems);
	}
}
