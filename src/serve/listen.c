/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "serve/listen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

static int bind_socket(int fd, const struct sockaddr_un *address)
{
	mode_t old = umask(077);
	int r = bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;

	umask(old);
	return r;
}

/* Whether it is a socket at which nobody listens any more. */
static bool is_left_behind(const struct sockaddr_un *address)
{
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat st;

	return lstat(address->sun_path, &st) == 0 && S_ISSOCK(st.st_mode) && fd >= 0 &&
	       connect(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 &&
	       errno == ECONNREFUSED;
}

static const char *why_not(int r)
{
	return r == -EADDRINUSE ? "something is there, and it is no socket that was left behind"
				: NULL;
}

int service_listen(const char *path, struct via_error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	if (strlen(path) >= sizeof(address.sun_path))
		return error_set(error, -ENAMETOOLONG, "cannot listen", path, NULL);
	if (fd < 0)
		return error_set(error, -errno, "cannot listen", path, NULL);
	strcpy(address.sun_path, path);
	r = bind_socket(fd, &address);
	if (r == -EADDRINUSE && is_left_behind(&address)) {
		unlink(path);
		r = bind_socket(fd, &address);
	}
	if (r == 0 && listen(fd, 1) < 0)
		r = -errno;
	return r < 0 ? error_set(error, r, "cannot listen", path, "%s", why_not(r) ?: strerror(-r))
		     : steal_fd(&fd);
}

static void memory_is_gone(int number)
{
	static const char words[] =
		"viaduct: serve: the front end took back memory that it had shared\n";

	(void)!write(2, words, sizeof(words) - 1);
	_exit(3);
}

static int catch_signals(void)
{
	struct sigaction action = { .sa_handler = memory_is_gone };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	/* A front end may hand in a pipe that nobody reads. */
	signal(SIGPIPE, SIG_IGN);
	if (sigaction(SIGBUS, &action, NULL) < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Return: a connection; 0 when told to stop; negative errno */
static int await(int listener, int stop)
{
	struct pollfd fds[] = { { .fd = listener, .events = POLLIN },
				{ .fd = stop, .events = POLLIN } };
	int fd;

	while (poll(fds, VIA_COUNT(fds), -1) < 0)
		if (errno != EINTR)
			return -errno;
	if (fds[1].revents)
		return 0;
	fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int serve_one(struct via_service *service, int socket, int stop)
{
	static struct vhost_user_session session;
	int r;

	session_begin(&session, service->device);
	r = session_run(&session, socket, stop);
	session_end(&session);
	service->sessions++;
	service->requests += session.requests;
	if (r < 0 && service->complain)
		service->complain(r);
	return r;
}

/* Return: 1 to go on; 0; negative errno */
static int serve_connection(struct via_service *service, int socket, int stop)
{
	_cleanup_close_ int connection = socket;
	int ended = serve_one(service, connection, stop);

	return service->once ? ended : 1;
}

int service_run(struct via_service *service, int listener, struct via_error *error)
{
	_cleanup_close_ int stop = catch_signals();
	int r = stop < 0 ? stop : 1;

	while (r > 0) {
		r = await(listener, stop);
		if (r > 0)
			r = serve_connection(service, r, stop);
	}
	unlink(service->path);
	return r < 0 ? error_set(error, r, "cannot serve", service->path, NULL) : 0;
}
