using System.Runtime.InteropServices;

var greeting = Environment.GetEnvironmentVariable("GREETING") ?? "Hello";
var release = Environment.GetEnvironmentVariable("RELEASE") ?? "no release";

using var stop = new CancellationTokenSource();
using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal));
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal));

for (var tick = 1; !stop.IsCancellationRequested; tick++)
{
    Console.WriteLine($"{greeting}, tick {tick} of release {release}");
    stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
}

Console.WriteLine("Stopped.");

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
