#include "gateway/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/message.h"
#include "base/text.h"
#include "gateway/activation.h"

#define CONTROL "control"
#define DEFAULT "default"

enum { ENDPOINT_MODE = 0666, CONTROL_MODE = 0600 };

bool socket_name(const char *path, char name[SOCKET_NAME_MAX])
{
	const char *file = strrchr(path, '/');
	size_t length;

	file = file == NULL ? path : file + 1;
	length = strlen(file);
	if (length <= 5 || length - 5 >= SOCKET_NAME_MAX || strcmp(file + length - 5, ".sock") != 0)
		return false;
	memcpy(name, file, length - 5);
	name[length - 5] = '\0';
	return text_is_name(name);
}

static bool is_listening(int fd)
{
	int type = 0, listening = 0;
	socklen_t size = sizeof(type), flag_size = sizeof(listening);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET &&
	       getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &flag_size) == 0 && listening;
}

static bool bound_name(int fd, char name[SOCKET_NAME_MAX])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t size = sizeof(address) - 1;

	return getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
	       address.sun_family == AF_UNIX && address.sun_path[0] == '/' &&
	       socket_name(address.sun_path, name);
}

static void add(struct sockets *sockets, const char *name, int fd)
{
	struct endpoint_socket *item = &sockets->items[sockets->count];

	if (sockets->count == SOCKETS_MAX) {
		message_error("more than %d endpoints: %s is not listened on", SOCKETS_MAX, name);
		close(fd);
		return;
	}
	item->fd = fd;
	memcpy(item->name, name, strlen(name) + 1);
	sockets->count++;
}

void sockets_activate(struct sockets *sockets, int count)
{
	char name[SOCKET_NAME_MAX];

	sockets->activated = count > 0;
	for (int fd = ACTIVATION_FIRST; fd < ACTIVATION_FIRST + count; fd++) {
		if (!is_listening(fd) || !bound_name(fd, name) ||
			fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) != 0) {
			message_error("descriptor %d is no listening sequential-packet socket with "
				      "a path NAME.sock",
				fd);
			close(fd);
		} else if (strcmp(name, CONTROL) == 0) {
			sockets->control = fd;
		} else {
			add(sockets, name, fd);
		}
	}
}

int sockets_open_directory(struct sockets *sockets)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	if (mkdir(ROLEGATE_RUN_DIR, 0755) == 0)
		(void)!chmod(ROLEGATE_RUN_DIR, 0755);
	fd = open(ROLEGATE_RUN_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) != 0) {
		message_error("%s: %m", ROLEGATE_RUN_DIR);
		return -1;
	}
	if (status.st_uid != 0 || (status.st_mode & 022) != 0) {
		message_error("%s: others than root can write to it", ROLEGATE_RUN_DIR);
		return -1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		message_error("%s: another gateway is running", ROLEGATE_RUN_DIR);
		return -1;
	}
	sockets->lock = fd_take(&fd);
	return 0;
}

bool sockets_has(const struct sockets *sockets, const char *name)
{
	for (size_t i = 0; i < sockets->count; i++)
		if (strcmp(sockets->items[i].name, name) == 0)
			return true;
	return false;
}

static void remove_name(const char *name)
{
	char path[sizeof(ROLEGATE_RUN_DIR) + SOCKET_NAME_MAX + sizeof("/.sock")];

	snprintf(path, sizeof(path), "%s/%s.sock", ROLEGATE_RUN_DIR, name);
	unlink(path);
}

static void drop_removed(struct sockets *sockets, const struct policy *policy)
{
	size_t kept = 0;

	for (size_t i = 0; i < sockets->count; i++) {
		if (policy_endpoint(policy, sockets->items[i].name) != NULL) {
			sockets->items[kept++] = sockets->items[i];
			continue;
		}
		remove_name(sockets->items[i].name);
		close(sockets->items[i].fd);
	}
	sockets->count = kept;
}

static void bind_endpoint(struct sockets *sockets, const char *name)
{
	int fd;

	if (sockets->activated) {
		message_warning("endpoint %s has no socket unit, and is not listened on", name);
		return;
	}
	if (strcmp(name, CONTROL) == 0 || strcmp(name, DEFAULT) == 0) {
		message_error("endpoint %s has a name that the gateway needs itself", name);
		return;
	}
	fd = socket_bind(name, ENDPOINT_MODE);
	if (fd < 0)
		message_error("%s/%s.sock: %m", ROLEGATE_RUN_DIR, name);
	else
		add(sockets, name, fd);
}

static void point_default(const char *name)
{
	char target[SOCKET_NAME_MAX + sizeof(".sock")];

	snprintf(target, sizeof(target), "%s.sock", name);
	unlink(ROLEGATE_RUN_DIR "/.default");
	if (symlink(target, ROLEGATE_RUN_DIR "/.default") != 0 ||
		rename(ROLEGATE_RUN_DIR "/.default", ROLEGATE_RUN_DIR "/" DEFAULT ".sock") != 0)
		message_warning("%s/" DEFAULT ".sock: %m", ROLEGATE_RUN_DIR);
}

void sockets_update(struct sockets *sockets, const struct policy *policy)
{
	if (!sockets->activated)
		drop_removed(sockets, policy);
	for (size_t i = 0; i < policy->endpoint_count; i++)
		if (!sockets_has(sockets, policy->endpoints[i].name))
			bind_endpoint(sockets, policy->endpoints[i].name);
	if (!sockets->activated && policy->endpoint_count > 0)
		point_default(policy->endpoints[0].name);
	if (sockets->control >= 0)
		return;
	sockets->control = socket_bind(CONTROL, CONTROL_MODE);
	sockets->own_control = sockets->control >= 0;
	if (sockets->control < 0)
		message_warning("%s/" CONTROL ".sock: %m", ROLEGATE_RUN_DIR);
}

void sockets_close(struct sockets *sockets, bool remove)
{
	for (size_t i = 0; i < sockets->count; i++) {
		close(sockets->items[i].fd);
		if (remove && !sockets->activated)
			remove_name(sockets->items[i].name);
	}
	sockets->count = 0;
	fd_close(&sockets->control);
	if (remove && sockets->own_control)
		remove_name(CONTROL);
	if (remove && !sockets->activated)
		remove_name(DEFAULT);
	fd_close(&sockets->lock);
}
