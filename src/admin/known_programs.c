/* The list is no promise: that a program is not on it does not make it harmless. */
#include "admin/known_programs.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name, as strcmp(3) does. */
static const struct known_program programs[] = {
	{"ansible-playbook", PROGRAM_OPTION},
	{"apt", PROGRAM_OPTION},
	{"apt-get", PROGRAM_OPTION},
	{"aptitude", PROGRAM_INTERACTIVE},
	{"ash", PROGRAM_SHELL},
	{"at", PROGRAM_SHELL},
	{"awk", PROGRAM_SHELL},
	{"bash", PROGRAM_SHELL},
	{"batch", PROGRAM_SHELL},
	{"bconsole", PROGRAM_INTERACTIVE},
	{"bpftrace", PROGRAM_OPTION},
	{"busybox", PROGRAM_SHELL},
	{"capsh", PROGRAM_WRAPPER},
	{"chroot", PROGRAM_WRAPPER},
	{"chrt", PROGRAM_WRAPPER},
	{"cpio", PROGRAM_OPTION},
	{"cpulimit", PROGRAM_WRAPPER},
	{"crontab", PROGRAM_INTERACTIVE},
	{"csh", PROGRAM_SHELL},
	{"dash", PROGRAM_SHELL},
	{"dmesg", PROGRAM_PAGER},
	{"dnf", PROGRAM_OPTION},
	{"doas", PROGRAM_WRAPPER},
	{"docker", PROGRAM_WRAPPER},
	{"dpkg", PROGRAM_OPTION},
	{"dstat", PROGRAM_OPTION},
	{"ed", PROGRAM_INTERACTIVE},
	{"emacs", PROGRAM_INTERACTIVE},
	{"env", PROGRAM_WRAPPER},
	{"ex", PROGRAM_INTERACTIVE},
	{"expect", PROGRAM_SHELL},
	{"find", PROGRAM_OPTION},
	{"fish", PROGRAM_SHELL},
	{"flock", PROGRAM_WRAPPER},
	{"ftp", PROGRAM_INTERACTIVE},
	{"gawk", PROGRAM_SHELL},
	{"gcc", PROGRAM_OPTION},
	{"gdb", PROGRAM_INTERACTIVE},
	{"git", PROGRAM_OPTION},
	{"guile", PROGRAM_SHELL},
	{"ionice", PROGRAM_WRAPPER},
	{"ip", PROGRAM_OPTION},
	{"irb", PROGRAM_SHELL},
	{"journalctl", PROGRAM_PAGER},
	{"ksh", PROGRAM_SHELL},
	{"ld.so", PROGRAM_WRAPPER},
	{"less", PROGRAM_INTERACTIVE},
	{"loginctl", PROGRAM_PAGER},
	{"logrotate", PROGRAM_OPTION},
	{"logsave", PROGRAM_WRAPPER},
	{"ltrace", PROGRAM_WRAPPER},
	{"lua", PROGRAM_SHELL},
	{"machinectl", PROGRAM_WRAPPER},
	{"mail", PROGRAM_INTERACTIVE},
	{"make", PROGRAM_OPTION},
	{"man", PROGRAM_PAGER},
	{"mawk", PROGRAM_SHELL},
	{"mksh", PROGRAM_SHELL},
	{"more", PROGRAM_INTERACTIVE},
	{"most", PROGRAM_INTERACTIVE},
	{"mount", PROGRAM_OPTION},
	{"mutt", PROGRAM_INTERACTIVE},
	{"mysql", PROGRAM_INTERACTIVE},
	{"nano", PROGRAM_INTERACTIVE},
	{"nawk", PROGRAM_SHELL},
	{"nc", PROGRAM_OPTION},
	{"ncat", PROGRAM_OPTION},
	{"nice", PROGRAM_WRAPPER},
	{"nmap", PROGRAM_OPTION},
	{"node", PROGRAM_SHELL},
	{"nohup", PROGRAM_WRAPPER},
	{"nsenter", PROGRAM_WRAPPER},
	{"openvpn", PROGRAM_OPTION},
	{"parallel", PROGRAM_WRAPPER},
	{"perl", PROGRAM_SHELL},
	{"pg", PROGRAM_INTERACTIVE},
	{"php", PROGRAM_SHELL},
	{"pico", PROGRAM_INTERACTIVE},
	{"pip", PROGRAM_OPTION},
	{"pkexec", PROGRAM_WRAPPER},
	{"podman", PROGRAM_WRAPPER},
	{"psql", PROGRAM_INTERACTIVE},
	{"puppet", PROGRAM_SHELL},
	{"pwsh", PROGRAM_SHELL},
	{"python", PROGRAM_SHELL},
	{"rake", PROGRAM_OPTION},
	{"rbash", PROGRAM_SHELL},
	{"rlwrap", PROGRAM_WRAPPER},
	{"rpm", PROGRAM_OPTION},
	{"rsync", PROGRAM_OPTION},
	{"ruby", PROGRAM_SHELL},
	{"run-parts", PROGRAM_WRAPPER},
	{"runuser", PROGRAM_WRAPPER},
	{"rvim", PROGRAM_INTERACTIVE},
	{"scp", PROGRAM_OPTION},
	{"screen", PROGRAM_WRAPPER},
	{"script", PROGRAM_WRAPPER},
	{"sed", PROGRAM_OPTION},
	{"setarch", PROGRAM_WRAPPER},
	{"setpriv", PROGRAM_WRAPPER},
	{"setsid", PROGRAM_WRAPPER},
	{"sftp", PROGRAM_INTERACTIVE},
	{"sh", PROGRAM_SHELL},
	{"socat", PROGRAM_OPTION},
	{"split", PROGRAM_OPTION},
	{"sqlite", PROGRAM_INTERACTIVE},
	{"ssh", PROGRAM_WRAPPER},
	{"start-stop-daemon", PROGRAM_WRAPPER},
	{"stdbuf", PROGRAM_WRAPPER},
	{"strace", PROGRAM_WRAPPER},
	{"su", PROGRAM_WRAPPER},
	{"sudo", PROGRAM_WRAPPER},
	{"systemctl", PROGRAM_PAGER},
	{"systemd-run", PROGRAM_WRAPPER},
	{"tar", PROGRAM_OPTION},
	{"taskset", PROGRAM_WRAPPER},
	{"tclsh", PROGRAM_SHELL},
	{"tcpdump", PROGRAM_OPTION},
	{"tcsh", PROGRAM_SHELL},
	{"telnet", PROGRAM_INTERACTIVE},
	{"time", PROGRAM_WRAPPER},
	{"timedatectl", PROGRAM_PAGER},
	{"timeout", PROGRAM_WRAPPER},
	{"tmux", PROGRAM_WRAPPER},
	{"top", PROGRAM_INTERACTIVE},
	{"unshare", PROGRAM_WRAPPER},
	{"unzip", PROGRAM_OPTION},
	{"vi", PROGRAM_INTERACTIVE},
	{"view", PROGRAM_INTERACTIVE},
	{"vim", PROGRAM_INTERACTIVE},
	{"vimdiff", PROGRAM_INTERACTIVE},
	{"watch", PROGRAM_WRAPPER},
	{"wget", PROGRAM_OPTION},
	{"xargs", PROGRAM_WRAPPER},
	{"yum", PROGRAM_OPTION},
	{"zip", PROGRAM_OPTION},
	{"zsh", PROGRAM_SHELL},
};

static int compare(const void *name, const void *program)
{
	return strcmp(name, ((const struct known_program *)program)->name);
}

static const struct known_program *find(const char *name)
{
	return bsearch(name, programs, sizeof(programs) / sizeof(programs[0]), sizeof(programs[0]),
		compare);
}

const struct known_program *known_program(const char *path)
{
	const char *slash = strrchr(path, '/');
	const struct known_program *found;
	char name[64];
	size_t length;

	path = slash != NULL ? slash + 1 : path;
	length = strlen(path);
	if (length >= sizeof(name))
		return NULL;
	memcpy(name, path, length + 1);
	found = find(name);
	while (found == NULL && length > 1 && strchr("0123456789.-", name[length - 1]) != NULL) {
		name[--length] = '\0';
		found = find(name);
	}
	return found;
}
