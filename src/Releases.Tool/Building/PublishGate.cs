using System.Net.Sockets;
using System.Text;

namespace Releases.Tool;

/// <summary>
/// Holds MSBuild, between describing the projects and publishing them, until the tool has checked what to publish. For that, MSBuild runs
/// the tool once more (<c>dotnet-convox __gate PATH</c>), which connects to this socket and exits when the gate opens.
/// </summary>
internal sealed class PublishGate : IDisposable
{
    private const string Word = "__gate";

    /// <summary>
    /// The maximum length of a socket's path, in bytes: sun_path is 104 bytes on macOS and 108 elsewhere, including its terminating NUL.
    /// </summary>
    private const int MaxPathBytes = 103;

    private readonly Socket _listener = Unix();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PublishGate(string path)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        _ = Serve();
    }

    /// <summary>Gets a task that completes when MSBuild is waiting at the gate.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Determines whether a gate can have this path.</summary>
    public static bool CanBeAt(string path) => Socket.OSSupportsUnixDomainSockets && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes;

    /// <summary>Returns the tool's arguments for waiting at the gate of a path.</summary>
    public static IReadOnlyList<string> Arguments(string path) => [Word, path];

    /// <summary>Determines whether this process is to wait at a gate.</summary>
    public static bool IsRequested(IReadOnlyList<string> arguments) => arguments is [Word, _];

    /// <summary>Waits at a gate and returns the exit code: 0 when the gate opens, 1 if the tool is gone.</summary>
    public static int Wait(string path)
    {
        try
        {
            using var gate = Unix();
            gate.Connect(new UnixDomainSocketEndPoint(path));
            return gate.Receive(new byte[1]) == 1 ? 0 : 1;
        }
        catch (SocketException)
        {
            return 1;
        }
    }

    /// <summary>Opens the gate, which lets MSBuild publish.</summary>
    public void Open() => _opened.TrySetResult();

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            using var waiting = await _listener.AcceptAsync();
            _reached.SetResult();
            await _opened.Task;
            await waiting.SendAsync(new byte[] { 1 });
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // MSBuild has ended, or the gate is no longer needed.
        }
    }

    private static Socket Unix() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
