using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace SampleApp;

/// <summary>
/// The program without ASP.NET Core, which takes a fifth of the processor's time to start: for tests that start processes by the hundred
/// and ask them no more than <c>/</c>, <c>/health</c>, <c>/env/{name}</c>, <c>/crash</c> and <c>/die</c>.
/// </summary>
internal sealed class Plain(Behaviour behaviour)
{
    private readonly long _started = Environment.TickCount64;
    private volatile bool _isHealthy;

    public int Serve()
    {
        using var end = OnSigterm(() =>
        {
            Console.WriteLine("stopped");
            Environment.Exit(0);
        });
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var port = int.Parse(Environment.GetEnvironmentVariable("PORT")!, CultureInfo.InvariantCulture);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        Console.WriteLine($"listening on http://{listener.LocalEndPoint}");
        while (true)
        {
            var client = listener.Accept();
            new Thread(() => Answer(client)) { IsBackground = true }.Start();
        }
    }

    /// <summary>A worker: runs until it is asked to end.</summary>
    public int Work()
    {
        using var asked = new ManualResetEventSlim();
        using var end = OnSigterm(asked.Set);
        Console.WriteLine("working");
        asked.Wait();
        Console.WriteLine("stopped");
        return 0;
    }

    private PosixSignalRegistration OnSigterm(Action end) => PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
    {
        signal.Cancel = true;
        if (!behaviour.IgnoresSigterm) end();
    });

    private void Answer(Socket client)
    {
        using (client)
        {
            try
            {
                if (Path(client) is not { } path) return;
                if (path == "/crash") Environment.Exit(4);
                if (path == "/die") Process.GetCurrentProcess().Kill();
                var (status, text) = path switch
                {
                    "/" => (Health(), behaviour.Greeting),
                    "/health" => (Health(), ""),
                    _ when path.StartsWith("/env/", StringComparison.Ordinal) =>
                        Environment.GetEnvironmentVariable(path["/env/".Length..]) is { } value ? (200, value) : (404, ""),
                    _ => (404, "This is the plain program."),
                };
                var body = Encoding.UTF8.GetBytes(text);
                var head = $"HTTP/1.1 {status} -\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n";
                client.Send([.. Encoding.ASCII.GetBytes(head), .. body]);
                client.Shutdown(SocketShutdown.Send);
            }
            catch (SocketException)
            {
                // The client is gone.
            }
        }
    }

    private static string? Path(Socket client)
    {
        var buffer = new byte[8192];
        var length = 0;
        while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
        {
            var read = client.Receive(buffer.AsSpan(length));
            if (read == 0) return null;
            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length).Split(' ', 3)[1];
    }

    private int Health()
    {
        var lived = TimeSpan.FromMilliseconds(Environment.TickCount64 - _started);
        _isHealthy = _isHealthy
            || (lived >= behaviour.HealthyAfter && (behaviour.HealthyWhen is null or "" || File.Exists(behaviour.HealthyWhen)));
        return _isHealthy ? behaviour.Health : 503;
    }
}
