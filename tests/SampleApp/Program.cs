// A program for tests, whose behavior its environment chooses:
//   CRASH_AT_START=1       prints two lines and exits with 3
//   CRASH_AFTER=<seconds>  exits with 5 after a while
//   HEALTH=<status>        what `/health` and `/` answer
//   HEALTHY_AFTER=<secs>   they answer 503 before
//   HEALTHY_WHEN=<file>    they answer 503 before this file is there
//   NEVER_LISTEN=1         a worker: runs without a port
//   LISTEN_ON=<port>       ignores the address that it is given
//   HTTP2=1                speaks HTTP/2 alone, as a gRPC service does
//   LISTEN_AT=<host>       listens there, at the port that it is given
//   LISTEN_WHEN=<file>     waits for this file before it listens
//   LISTEN_UNTIL=<file>    when this file is there, listens no more and lives on
//   SHARE_PORT=1           lets another program listen at the same port (SO_REUSEPORT)
//   HANG_ON_SIGTERM=1      does not end when asked to
//   SIGN_IN=1              knows who is signed in, by ASP.NET Core's own cookies and forms
//   RELEASE, GREETING      what `/` answers
//   KESTREL=1              listens with ASP.NET Core where ASPNETCORE_URLS says, and answers /slow?ms= /ws /events /upload /headers
//                          /files/{path} /sign-in /me /form too; without it, or what needs it, / /health /env/{name} /crash /die alone
using SampleApp;

var behaviour = new Behaviour();
if (behaviour.CrashesAtStart)
{
    Console.WriteLine("starting");
    Console.Error.WriteLine("cannot start: CRASH_AT_START is set");
    return 3;
}

using var crash = behaviour.CrashesAfter is { } life ? new Timer(_ => Environment.Exit(5), null, life, Timeout.InfiniteTimeSpan) : null;
if (behaviour.NeverListens) return new Plain(behaviour).Work();
return behaviour.NeedsKestrel ? await WithAspNetCore.Run(behaviour, args) : new Plain(behaviour).Serve();
