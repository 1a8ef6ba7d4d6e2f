#include "admin/origin.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fd.h"

enum { PROC_MAX = 1024 * 1024, NET_MAX = 64 * 1024 * 1024, TCP_ESTABLISHED_STATE = 1 };

static char *read_proc(struct arena *arena, pid_t pid, const char *name, size_t limit)
{
	char path[64];
	size_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return fd_read_file(arena, path, limit, &length);
}

static bool is_of_session(struct arena *arena, pid_t pid, unsigned audit_session)
{
	const char *text = read_proc(arena, pid, "sessionid", 64);

	return text != NULL && audit_session != (unsigned)-1 &&
	       strtoul(text, NULL, 10) == audit_session;
}

/* Nobody else than root has a process of root's that executes sshd and is of their own login. */
static bool is_sshd_of_root(pid_t pid)
{
	char path[64], target[256];
	struct stat status;
	const char *name;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (stat(path, &status) != 0 || status.st_uid != 0)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	length = readlink(path, target, sizeof(target) - 1);
	if (length <= 0)
		return false;
	target[length] = '\0';
	name = strrchr(target, '/');
	name = name == NULL ? target : name + 1;
	/* "sshd (deleted)" too: it was upgraded since. */
	return strncmp(name, "sshd", 4) == 0 &&
	       (strcspn(name, " ") == 4 || strncmp(name, "sshd-session", 12) == 0);
}

/* In the kernel's own order of bytes, four at a time. False: none. */
static bool parse_address(const char *text, size_t digits, void *address)
{
	uint32_t *parts = address;

	for (size_t i = 0; i < digits / 8; i++) {
		char part[9] = "";
		char *end;

		memcpy(part, text + 8 * i, 8);
		parts[i] = (uint32_t)strtoul(part, &end, 16);
		if (end != part + 8)
			return false;
	}
	return true;
}

/* An IPv4 address that a socket of IPv6 has is shown as what it is. */
static const char *address_text(struct arena *arena, const char *text, size_t digits)
{
	static const uint8_t mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char shown[INET6_ADDRSTRLEN] = "";
	uint8_t address[16];
	bool v4 = digits == 8;
	const void *bytes = address;

	if (!parse_address(text, digits, address))
		return NULL;
	if (!v4 && memcmp(address, mapped, sizeof(mapped)) == 0) {
		v4 = true;
		bytes = address + sizeof(mapped);
	}
	return inet_ntop(v4 ? AF_INET : AF_INET6, bytes, shown, sizeof(shown)) == NULL
		       ? NULL
		       : arena_strdup(arena, shown);
}

/* "  12: 0100007F:0016 0100007F:C350 01 00000000:00000000 02:000A7B2C 00000000     0        0 84216
 * …" */
bool origin_parse_socket(
	struct arena *arena, const char *line, unsigned long inode, struct origin *origin)
{
	char local[64], remote[64];
	unsigned state, port;
	unsigned long found;
	size_t digits;

	if (sscanf(line, " %*u: %63s %63s %x %*s %*s %*s %*u %*u %lu", local, remote, &state,
		    &found) != 4 ||
		found != inode || state != TCP_ESTABLISHED_STATE)
		return false;
	digits = strcspn(remote, ":");
	if ((digits != 8 && digits != 32) || sscanf(remote + digits, ":%x", &port) != 1)
		return false;
	origin->address = address_text(arena, remote, digits);
	origin->port = port;
	return origin->address != NULL;
}

static bool find_socket(struct arena *arena, pid_t pid, unsigned long inode, struct origin *origin)
{
	static const char *const tables[] = {"net/tcp", "net/tcp6"};

	for (size_t i = 0; i < 2; i++) {
		char *line = read_proc(arena, pid, tables[i], NET_MAX);

		while (line != NULL && *line != '\0') {
			size_t length = strcspn(line, "\n");
			bool last = line[length] == '\0';

			line[length] = '\0';
			if (origin_parse_socket(arena, line, inode, origin))
				return true;
			line += last ? length : length + 1;
		}
	}
	return false;
}

/* The lowest one: sshd has had its connection before it opens anything else. */
static void find_connection(struct arena *arena, pid_t sshd, struct origin *origin)
{
	enum { DESCRIPTORS_MAX = 64 };

	for (int fd = 0; fd < DESCRIPTORS_MAX && origin->address == NULL; fd++) {
		char path[64], target[64];
		unsigned long inode;
		ssize_t length;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)sshd, fd);
		length = readlink(path, target, sizeof(target) - 1);
		target[length < 0 ? 0 : length] = '\0';
		if (sscanf(target, "socket:[%lu]", &inode) == 1)
			(void)find_socket(arena, sshd, inode, origin);
	}
}

struct origin origin_of(struct arena *arena, unsigned audit_session)
{
	struct origin origin = {.address = NULL};
	DIR *directory = audit_session == (unsigned)-1 ? NULL : opendir("/proc");
	const struct dirent *entry;

	while (directory != NULL && origin.sshd == 0 && (entry = readdir(directory)) != NULL) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || !is_sshd_of_root(pid) || !is_of_session(arena, pid, audit_session))
			continue;
		origin.sshd = pid;
		find_connection(arena, pid, &origin);
	}
	if (directory != NULL)
		closedir(directory);
	return origin;
}

/* R17: fields of /proc/PID/stat are counted from the last ')'. */
const char *origin_terminal(struct arena *arena, pid_t pid, unsigned audit_session)
{
	const char *text = read_proc(arena, pid, "stat", PROC_MAX), *end;
	int terminal;

	if (text == NULL || !is_of_session(arena, pid, audit_session))
		return NULL;
	end = strrchr(text, ')');
	if (end == NULL || sscanf(end + 1, " %*c %*d %*d %*d %d", &terminal) != 1 || terminal == 0)
		return NULL;
	if (major((dev_t)terminal) >= 136 && major((dev_t)terminal) <= 143)
		return arena_printf(arena, "pts/%u",
			(major((dev_t)terminal) - 136) * 256 + minor((dev_t)terminal));
	return arena_printf(arena, "%u:%u", major((dev_t)terminal), minor((dev_t)terminal));
}

const char *origin_program(struct arena *arena, pid_t pid, unsigned audit_session)
{
	char *text = read_proc(arena, pid, "comm", PROC_MAX);

	if (text == NULL || !is_of_session(arena, pid, audit_session))
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}
