#include "confine/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "confine/elf_needs.h"
#include "confine/landlock_calls.h"
#include "confine/view_parts.h"

enum { ABI_REFER = 2, ABI_TRUNCATE = 3, ABI_IOCTL_DEV = 5, ABI_SCOPES = 6 };

static const uint64_t reading = LANDLOCK_READ_FILE | LANDLOCK_READ_DIR;
static const uint64_t of_files = LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE | LANDLOCK_READ_FILE |
				 LANDLOCK_TRUNCATE | LANDLOCK_IOCTL_DEV;

/*
 * A drive is a directory of files, and its server asks for what its client wants: nothing of /proc
 * is written, since that is how a server's own memory is.
 */
static const uint64_t of_cells = LANDLOCK_WRITE_FILE | LANDLOCK_REMOVE_FILE | LANDLOCK_MAKE_REG |
				 LANDLOCK_TRUNCATE;

/*
 * What every program may write to. Not /dev/urandom, which gains nothing by it: that it is refused
 * is what landlock_holds() sees, since a device can be opened on a read-only mount too.
 */
static const char *const devices[] = {
	"/dev/full", "/dev/null", "/dev/ptmx", "/dev/pts", "/dev/tty", "/dev/zero"};
static const char probe[] = "/dev/urandom";

static bool entered; /* in this process, the child */

struct rules {
	struct view view; /* for its way of opening paths */
	int abi, ruleset;
	uint64_t handled;
	bool in_view; /* view_enter() has made the root what may be read */
};

int landlock_abi(void)
{
	int abi = landlock_create(NULL, 0, LANDLOCK_VERSION);

	return abi < 0 ? 0 : abi;
}

static bool scopes(const struct restriction *restriction, int abi)
{
	return abi >= ABI_SCOPES && restriction->has[RESTRICT_NETWORK] &&
	       restriction->network == NETWORK_NONE;
}

/* Before version 2, every domain refuses to move a file to another directory: no mere domain. */
bool landlock_keeps_apart(const struct restriction *restriction, const struct support *support)
{
	return support->landlock >= ABI_REFER &&
	       (!view_may_start(restriction) ||
		       (restriction->has[RESTRICT_SYSTEM_CALLS] &&
			       strings_contain(&restriction->denied_calls, "ptrace")));
}

bool landlock_is_needed(const struct restriction *restriction, const struct support *support)
{
	const struct restriction effective = view_effective(restriction);

	if (landlock_keeps_apart(&effective, support))
		return true;
	return support->landlock > 0 &&
	       (view_limits(&effective, RESTRICT_READ) || view_limits(&effective, RESTRICT_WRITE) ||
		       view_limits_execute(&effective) || effective.hidden.count > 0 ||
		       effective.protected_names.count > 0 ||
		       scopes(&effective, support->landlock));
}

static uint64_t writing(int abi)
{
	return LANDLOCK_WRITE_FILE | LANDLOCK_REMOVE_DIR | LANDLOCK_REMOVE_FILE |
	       LANDLOCK_MAKE_CHAR | LANDLOCK_MAKE_DIR | LANDLOCK_MAKE_REG | LANDLOCK_MAKE_SOCK |
	       LANDLOCK_MAKE_FIFO | LANDLOCK_MAKE_BLOCK | LANDLOCK_MAKE_SYM |
	       (abi >= ABI_REFER ? LANDLOCK_REFER : 0) |
	       (abi >= ABI_TRUNCATE ? LANDLOCK_TRUNCATE : 0) |
	       (abi >= ABI_IOCTL_DEV ? LANDLOCK_IOCTL_DEV : 0);
}

static int allow(const struct rules *rules, int fd, uint64_t rights)
{
	struct landlock_beneath rule = {.allowed = rights & rules->handled, .parent = fd};
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -1;
	if (!S_ISDIR(status.st_mode))
		rule.allowed &= of_files;
	/* EBADFD: what has no name anywhere, as a sealed copy, is no business of Landlock's. */
	return rule.allowed == 0 || landlock_allow(rules->ruleset, &rule) == 0 || errno == EBADFD
		       ? 0
		       : -1;
}

/* What is not there, or out of the account's reach, needs no rule. */
static int allow_path(struct rules *rules, const char *path, uint64_t rights)
{
	_cleanup_fd_ int fd = view_open(&rules->view, path, NULL);

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
	return allow(rules, fd, rights);
}

static int allow_all(struct rules *rules, const char *const *paths, size_t count, uint64_t rights)
{
	for (size_t i = 0; i < count; i++)
		if (allow_path(rules, paths[i], rights) < 0)
			return -1;
	return 0;
}

static int allow_list(struct rules *rules, const struct strings *paths, uint64_t rights)
{
	return allow_all(rules, paths->items, paths->count, rights);
}

/* The kernel opens a program's ELF interpreter as it does the program. */
static int allow_interpreter(struct rules *rules, int fd)
{
	struct elf_needs needs = {.interpreter = NULL};

	elf_read_needs(rules->view.arena, fd, "/", &needs);
	return needs.interpreter == NULL ? 0
					 : allow_path(rules, needs.interpreter,
						   LANDLOCK_EXECUTE | LANDLOCK_READ_FILE);
}

static int allow_program(struct rules *rules, int program)
{
	if (program < 0 || (rules->handled & (LANDLOCK_EXECUTE | LANDLOCK_READ_FILE)) == 0)
		return 0;
	return allow(rules, program, LANDLOCK_EXECUTE | LANDLOCK_READ_FILE) < 0
		       ? -1
		       : allow_interpreter(rules, program);
}

static int allow_programs(struct rules *rules, const struct strings *paths)
{
	if (allow_list(rules, paths, LANDLOCK_EXECUTE | reading) < 0)
		return -1;
	for (size_t i = 0; i < paths->count; i++) {
		_cleanup_fd_ int fd =
			open(paths->items[i], O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

		if (fd >= 0 && allow_interpreter(rules, fd) < 0)
			return -1;
	}
	return 0;
}

static int allow_devices(struct rules *rules)
{
	return allow_all(rules, devices, sizeof(devices) / sizeof(devices[0]),
		LANDLOCK_WRITE_FILE | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL_DEV | reading);
}

static int allow_writing(struct rules *rules)
{
	static const char *const own[] = {"/tmp", "/var/tmp", "/dev/shm"};
	const struct restriction *restriction = rules->view.restriction;
	uint64_t rights = restriction->cell != NULL ? of_cells : writing(rules->abi);

	if (allow_list(rules, &restriction->write, rights | reading) < 0 ||
		(restriction->cell == NULL &&
			allow_path(rules, "/proc/self",
				LANDLOCK_WRITE_FILE | LANDLOCK_TRUNCATE | reading) < 0) ||
		allow_devices(rules) < 0)
		return -1;
	return restriction->own_tmp ? allow_all(rules, own, 3, rights | reading) : 0;
}

/*
 * A view's own root is another file than the system's: "/" in a rule means what is in the view, and
 * nothing that a descriptor from outside leads to.
 */
static int allow_reading(struct rules *rules)
{
	const struct restriction *restriction = rules->view.restriction;

	if (rules->in_view)
		return allow_path(rules, "/", reading) < 0 ? -1 : allow_devices(rules);
	return allow_devices(rules) < 0 ||
			       allow_all(rules, view_base_paths, view_base_count, reading) < 0 ||
			       allow_path(rules, "/proc", reading) < 0 ||
			       allow_list(rules, &restriction->read, reading) < 0
		       ? -1
		       : 0;
}

/* A right that the profile leaves open is handled only to be allowed everywhere. */
static int fill(struct rules *rules, const struct landlock_open *given, uint64_t limited)
{
	const struct restriction *restriction = rules->view.restriction;

	if (allow_path(rules, "/", rules->handled & ~limited) < 0 ||
		allow_program(rules, given->program) < 0 ||
		(given->script >= 0 && allow(rules, given->script, LANDLOCK_READ_FILE) < 0))
		return -1;
	for (int i = 0; i < given->file_count; i++)
		if (allow(rules, given->files + i, LANDLOCK_READ_FILE) < 0)
			return -1;
	if ((limited & LANDLOCK_WRITE_FILE) != 0 && allow_writing(rules) < 0)
		return -1;
	if ((limited & LANDLOCK_READ_FILE) != 0 && allow_reading(rules) < 0)
		return -1;
	return (limited & LANDLOCK_EXECUTE) != 0
		       ? allow_programs(rules, &restriction->execute_paths)
		       : 0;
}

static uint64_t limits(const struct restriction *restriction, const struct support *support)
{
	uint64_t limited = 0;

	if (view_limits(restriction, RESTRICT_WRITE))
		limited |= writing(support->landlock);
	if (view_limits(restriction, RESTRICT_READ))
		limited |= reading;
	if (view_limits_execute(restriction))
		limited |= LANDLOCK_EXECUTE;
	return limited;
}

int landlock_enter(const struct restriction *restriction, const struct support *support,
	const struct landlock_open *given)
{
	const struct restriction effective = view_effective(restriction);
	uint64_t limited = limits(restriction, support);
	/*
	 * A domain without a right is none, and REFER is refused everywhere unless it is handled:
	 * of all rights, the one whose being allowed below "/" changes the least.
	 */
	uint64_t open_right = support->landlock >= ABI_REFER ? LANDLOCK_REFER : LANDLOCK_EXECUTE;
	struct rules rules = {
		.view = {.arena = arena_new(), .restriction = &effective},
		.abi = support->landlock,
		.handled = limited | open_right,
		.in_view = view_is_needed(restriction, support),
	};
	struct landlock_rules attributes = {
		.files = rules.handled,
		.scopes = scopes(restriction, support->landlock)
				  ? LANDLOCK_ABSTRACT_SOCKETS | LANDLOCK_SIGNALS
				  : 0,
	};
	size_t size = attributes.scopes != 0 ? sizeof(attributes) : sizeof(attributes.files);
	_cleanup_fd_ int ruleset = landlock_create(&attributes, size, 0), root = -1;
	int result = -1;

	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	rules.view.root = root;
	rules.ruleset = ruleset;
	if (ruleset >= 0 && root >= 0 && fill(&rules, given, limited) == 0)
		result = landlock_restrict(ruleset);
	arena_free(rules.view.arena);
	entered = result == 0;
	return result;
}

bool landlock_holds(const struct restriction *restriction, const struct support *support)
{
	_cleanup_fd_ int fd = -1;

	if (!entered || (limits(restriction, support) & LANDLOCK_WRITE_FILE) == 0)
		return entered;
	for (size_t i = 0; i < restriction->write.count; i++)
		if (restriction_path_below(probe, restriction->write.items[i]))
			return true;
	fd = open(probe, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return fd < 0;
}
