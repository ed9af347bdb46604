using System.Globalization;

namespace Releases.Local;

/// <summary>Represents an inclusive range of ports: <c>30000-30099</c>.</summary>
internal readonly record struct PortRange(int First, int Last)
{
    /// <summary>The variable with the port range of a rack's processes.</summary>
    public const string Variable = "CONVOX_PORTS";

    public bool Contains(int port) => port >= First && port <= Last;

    public static PortRange? Read(string? text) =>
        text?.Split('-') is [var first, var last] && Number(first) is { } from && Number(last) is { } to && from <= to ? new(from, to)
            : null;

    /// <summary>Parses the variable, or returns null if it is empty.</summary>
    /// <exception cref="ProblemException">Fails with <see cref="ProblemCode.ProcessPorts"/>.</exception>
    public static PortRange? FromEnvironment(string? value) =>
        string.IsNullOrWhiteSpace(value) ? null : Read(value.Trim()) ?? throw new Problem(
        ProblemCode.ProcessPorts, $"{Variable} is '{value}', not a range of ports.",
        $"Set a first and a last port from 1024 up, for example: {Variable}=31000-31099").ToException();

    public override string ToString() => $"{First}-{Last}";

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65535 ? port : null;
}
