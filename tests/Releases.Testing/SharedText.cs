using System.Globalization;

namespace Releases.Testing;

/// <summary>Text that a test reads while a command, an agent or another process still writes it; lines end in \n wherever the test
/// runs.</summary>
/// <remarks>
/// A plain <see cref="StringWriter"/> may break while it is read and written at once, and one that is synchronized is so for those who
/// write alone. What is awaited is written at once, too, and a line is never torn by another one.
/// </remarks>
public sealed class SharedText : StringWriter
{
    private readonly Lock _gate = new();

    public SharedText() : base(CultureInfo.InvariantCulture) => NewLine = "\n";

    public override void Write(char value)
    {
        lock (_gate) base.Write(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        lock (_gate) base.Write(buffer, index, count);
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        // Not the base's, which would copy it and come back for what a derived class does.
        lock (_gate) base.GetStringBuilder().Append(buffer);
    }

    public override void Write(string? value)
    {
        lock (_gate) base.Write(value);
    }

    public override void WriteLine(string? value)
    {
        lock (_gate) base.WriteLine(value);
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear()
    {
        lock (_gate) base.GetStringBuilder().Clear();
    }

    public override string ToString()
    {
        lock (_gate) return base.ToString();
    }

    /// <summary>Nobody gets what is written past the lock.</summary>
    public override System.Text.StringBuilder GetStringBuilder() => throw new NotSupportedException("It is shared.");
}
