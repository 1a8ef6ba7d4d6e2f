/*
 * Patterns of what scripts have done harm with. They are for lines in which blanks are single and
 * continued lines are joined.
 */
#include "approval/danger.h"

#define WORD "(?:^|[\\s;&|({`'\"!/])"
#define SHELL "(?:\\S*/)?(?:ba|da|z|k|a|c|tc|fi)?sh"
#define INTERPRETER "(?:\\S*/)?(?:python[\\d.]*|perl|ruby|node|php|lua)"
#define PREFIX "(?:(?:sudo|doas|env|exec|command|nohup|busybox)(?: -\\S+)* )*"
#define END "(?=$|[\\s;&|)}`'\"])"
#define DOWNLOAD WORD "(?:curl|wget|fetch|aria2c|lynx|GET)" END
#define RECURSIVE WORD "rm (?:-\\S+ )*(?:-[a-zA-Z]*[rR][a-zA-Z]*|--recursive) (?:-\\S+ )*"
/* Not the word of a sentence, such as "at most". */
#define AT_TIME                                                                                    \
	"(?:[-<$`\"'\\d]|now|noon|midnight|teatime|today|tomorrow|next|[A-Za-z]{3,9}day"           \
	"|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
#define ROOTS "bin|boot|dev|etc|home|lib|lib32|lib64|mnt|opt|proc|root|run|sbin|srv|sys|usr|var"

const struct danger_pattern danger_patterns[] = {
	{DOWNLOAD ".*\\| ?" PREFIX "(?:" SHELL "|" INTERPRETER ")" END, "runs what it downloads"},
	{"(?:" SHELL "|source|\\.) (?:-c )?[\"']?[<$]\\( ?(?:curl|wget|fetch)" END,
		"runs what it downloads"},
	{"\\| ?" PREFIX SHELL END, "a shell runs what comes out of a pipe"},
	{"(?:base64|base32|basenc|openssl|xxd|uudecode|gzip|zcat|gunzip|rev|tr)" END
	 ".*\\| ?" PREFIX "(?:" SHELL "|" INTERPRETER ")" END,
		"runs what it decodes: what that is can't be read here"},
	{WORD "(?:base64|base32|basenc) (?:-\\S+ )*(?:-d|-D|--decode)" END,
		"decodes text that can't be read here"},
	{"(?:^ ?|[;&|({)] ?|\\b(?:then|do|else) )(?:source|\\.) [^-\\s]",
		"runs what another file has then: that is not what is approved here"},
	{WORD "eval .*[$`]", "eval: runs text that is made when it runs"},
	{"\\b(?:eval|exec) ?\\(", "runs text that is made when it runs"},
	{"os\\.(?:system|popen|exec[lv]p?e?) ?\\(|shell ?= ?True|pickle\\.loads? ?\\(",
		"runs commands or data that are made when it runs"},
	{RECURSIVE "[\"']?(?:/|~|\\.\\.?|\\$\\{?HOME\\}?|/(?:" ROOTS ")/?)/?\\*?[\"']?" END,
		"removes all of a directory of the system"},
	{RECURSIVE "[\"']?/?\\$", "removes what a variable names, with all that is below it"},
	{"--no-preserve-root", "removes the root directory, and means it"},
	{WORD "find [\"']?/[^;|&]* -delete" END, "removes what it finds"},
	{WORD "shred ", "destroys files"},
	{WORD "dd .*of=/dev/", "writes to a device"},
	{WORD "(?:mkfs|mke2fs|wipefs|fdisk|sfdisk|parted|blkdiscard)(?:\\.\\S+)? ",
		"makes or wipes file systems"},
	{"> ?/dev/(?:sd|nvme|vd|xvd|dm-|mapper/|mem|kmem|port)", "writes to a device"},
	{WORD "chmod (?:-\\S+ )*(?:[ugoa]*[+=][rwxXt]*s|0?[2-7][0-7]{3})",
		"makes a program setuid or setgid"},
	{WORD "chmod (?:-\\S+ )*(?:[0-7]?[0-7]{2}[2367]|[oa]?\\+[rx]*w)" END,
		"makes a file writable by everybody"},
	{WORD "(?:setcap|setfacl) ", "gives capabilities or access"},
	{"/etc/(?:g?shadow|sudoers|passwd|group|ssh/|pam\\.d|security/|ld\\.so|crypttab)",
		"touches what decides who may log in or become root"},
	{"authorized_keys|\\.ssh/|id_(?:rsa|ed25519|ecdsa)", "touches keys of ssh"},
	{WORD "(?:useradd|usermod|userdel|groupadd|groupmod|gpasswd|passwd|chpasswd|adduser"
	      "|visudo|vipw)" END,
		"changes accounts"},
	{WORD "(?:sudo|doas|su|pkexec|runuser|setpriv|capsh)" END, "becomes another account"},
	{"/dev/(?:tcp|udp)/", "opens a network connection from the shell"},
	{WORD "(?:nc|ncat|netcat) .*(?:-[a-z]*[ec]" END "|--exec|--sh-exec)",
		"gives a shell to the network"},
	{WORD "socat .*(?:EXEC|SYSTEM|SHELL):", "gives a shell to the network"},
	{"\\b(?:LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)|BASH_ENV|PYTHONPATH|PYTHONSTARTUP|PERL5LIB|"
	 "PERL5OPT"
	 "|RUBYOPT|NODE_OPTIONS|GCONV_PATH|PROMPT_COMMAND)\\b",
		"makes programs load other code"},
	{"\\bPATH=(?![\"']?/usr)", "changes where programs are looked for"},
	{"\\bIFS=", "changes how words are split"},
	{WORD SHELL " (?:-\\S+ )*-[a-z]*c" END, "a shell in the script: its text is a string"},
	{WORD INTERPRETER " (?:-\\S+ )*(?:-[a-zA-Z]*[ceEr]|--eval)" END,
		"an interpreter in the script: its text is a string"},
	{WORD "(?:g|m)?awk .*system ?\\(", "awk that starts programs"},
	{WORD "(?:find .* -(?:exec|ok)(?:dir)?|xargs|parallel|entr|watch) ",
		"starts programs with arguments that are found when it runs"},
	{WORD "(?:mount|umount|swapoff|losetup|cryptsetup|pivot_root) ", "changes what is mounted"},
	{WORD "(?:insmod|modprobe|rmmod|kexec|bpftool) ", "loads code into the kernel"},
	{WORD "(?:nsenter|unshare|chroot|bwrap|docker|podman|ctr|machinectl|systemd-run) ",
		"leaves for another place, where other rules hold"},
	{WORD "(?:gdb|strace|ltrace) |/proc/(?:\\d+|self|\\$\\w+)/(?:mem|environ|root)",
		"looks into other processes"},
	{"/proc/sys|sysctl (?:-\\S+ )*-?w|/sys/(?:kernel|module)", "changes the kernel's settings"},
	{WORD "(?:crontab|batch|at(?= " AT_TIME ")) |/etc/cron|/var/spool/cron"
	      "|systemctl (?:-\\S+ "
	      ")*(?:enable|link|edit|mask)|/etc/systemd/|\\.bashrc|\\.profile|/etc/profile|/etc/"
	      "rc\\.local|/etc/"
	      "init",
		"leaves something that starts later, by itself"},
	{WORD "(?:setenforce|auditctl|aa-disable|aa-teardown|iptables|nft|ufw|firewall-cmd) "
	      "|systemctl (?:-\\S+ )*stop \\S*(?:audit|firewall|rolegate)",
		"changes or stops a protection"},
	{"/var/log/(?:audit|wtmp|btmp|auth|secure|rolegate)|history -c|HISTFILE",
		"touches records of what was done"},
	{"/etc/rolegate|/var/lib/rolegate|/run/rolegate|" WORD "rolegatectl ",
		"touches rolegate itself"},
	{WORD "(?:reboot|shutdown|halt|poweroff|init [06])" END, "stops the system"},
	{":\\(\\) ?\\{ ?:", "starts itself without end"},
	{WORD "kill(?:all5)? (?:-\\S+ )*-1" END, "kills all processes"},
	{"^(?:[^\"'\\\\]|\\\\.|\"(?:[^\"\\\\]|\\\\.)*+\"|'[^']*+')*?(?<![=\\w])\\$\\{?rolegate_"
	 "input_",
		"an input without quotes: the shell splits it and expands what is in it"},
	{"\\S {30,}\\S", "goes on after a long gap, where a screen may have ended"},
};

const size_t danger_pattern_count = sizeof(danger_patterns) / sizeof(danger_patterns[0]);
