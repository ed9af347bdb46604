using System.Text;

namespace Releases.Local;

/// <summary>The head of a request.</summary>
internal sealed class RequestHead : MessageHead
{
    private int _methodLength;

    public bool IsHead { get; private set; }

    /// <summary>Whether carrying it out changes nothing, by what RFC 9110 says of its method.</summary>
    public bool IsSafe { get; private set; }

    /// <summary>Whether it is of HTTP/1.1; of HTTP/1.0 otherwise.</summary>
    public bool IsHttp11 { get; private set; }

    /// <summary>The host that it is for, without a port; empty if it names none.</summary>
    public string Host { get; private set; } = "";

    /// <summary>As it was sent, with a port.</summary>
    public byte[] HostValue { get; private set; } = [];

    public bool WantsUpgrade { get; private set; }

    public Framing Body => IsChunked ? Framing.Chunked : ContentLength is > 0 and var length ? Framing.Counted(length) : Framing.None;

    /// <summary>Whether the client takes another answer over this connection.</summary>
    public bool Persists => IsHttp11 ? !Close : KeepAlive && !Close;

    /// <summary>Whether it has a field that may say which process it is for.</summary>
    public bool MayChooseProcess { get; private set; }

    private bool HasHost { get; set; }

    private string? TargetHost { get; set; }

    private bool HasUpgrade { get; set; }

    public override void Clear()
    {
        base.Clear();
        IsHead = IsSafe = IsHttp11 = WantsUpgrade = HasUpgrade = HasHost = MayChooseProcess = false;
        (Host, HostValue, TargetHost) = ("", [], null);
    }

    /// <summary>The first line, as it came.</summary>
    public ReadOnlySpan<byte> Line(ReadOnlySpan<byte> bytes) => bytes[..FirstLine];

    /// <exception cref="MalformedMessage">What the lines say together cannot be passed on.</exception>
    public void Complete()
    {
        if (IsChunked && ContentLength is not null) throw Malformed("both a length and chunks");
        if (IsChunked && !IsHttp11) throw Malformed("chunks in HTTP/1.0");
        if (IsHttp11 && !HasHost) throw Malformed("no Host header");
        WantsUpgrade = IsHttp11 && Upgrades && HasUpgrade;
        Host = TargetHost ?? Host;
    }

    protected override void Note(Field field, ReadOnlySpan<byte> bytes)
    {
        base.Note(field, bytes);
        if (field.Kind == FieldKind.Host)
        {
            if (HasHost) throw Malformed("two Host headers");
            HasHost = true;
            HostValue = field.Value(bytes).ToArray();
            Host = WithoutPort(HostValue);
        }
        else if (field.Kind is FieldKind.Cookie or FieldKind.Release)
        {
            MayChooseProcess = true;
        }
        else if (field.Kind == FieldKind.Upgrade)
        {
            // HTTP/2 in a connection that was upgraded would be out of the router's sight: nothing of it could be kept or replaced.
            HasUpgrade = !FieldNames.Has(field.Value(bytes), "h2c"u8);
        }
    }

    protected override void ReadFirstLine(ReadOnlySpan<byte> line)
    {
        _methodLength = line.IndexOf((byte)' ');
        var version = line.LastIndexOf((byte)' ');
        if (_methodLength <= 0 || version <= _methodLength + 1 || line[.._methodLength].ContainsAnyExcept(FieldNames.Token))
            throw Malformed("a first line that isn't HTTP");
        var target = line[(_methodLength + 1)..version];
        // These would be the end of the target to a lenient reader; every other byte is the app's to judge.
        if (target.IndexOfAny(" \t\v\f"u8) >= 0) throw Malformed("a request target with white space");
        ReadVersion(line[(version + 1)..]);
        var method = line[.._methodLength];
        if (method.SequenceEqual("CONNECT"u8)) throw new MalformedMessage(501, "the method CONNECT");
        IsHead = method.SequenceEqual("HEAD"u8);
        IsSafe = IsHead || method.SequenceEqual("GET"u8) || method.SequenceEqual("OPTIONS"u8) || method.SequenceEqual("TRACE"u8);
        TargetHost = HostOf(target);
    }

    protected override MalformedMessage Malformed(string why) => new(400, why);

    protected override MalformedMessage UnknownCoding() => new(501, "a transfer coding other than 'chunked'");

    protected override MalformedMessage TooLong() => new(431, $"more than {MaxBytes / 1024} KiB of headers");

    private void ReadVersion(ReadOnlySpan<byte> version)
    {
        IsHttp11 = version.SequenceEqual("HTTP/1.1"u8);
        if (IsHttp11 || version.SequenceEqual("HTTP/1.0"u8)) return;
        throw version.StartsWith("HTTP/"u8) ? new MalformedMessage(505, "another version than HTTP/1.1 or 1.0")
            : Malformed("a first line that isn't HTTP");
    }

    /// <summary>The host in a target of absolute form, which precedes the Host header (RFC 9112, 3.2.2).</summary>
    private static string? HostOf(ReadOnlySpan<byte> target)
    {
        if (target[0] is (byte)'/' or (byte)'*') return null;
        var authority = target.IndexOf("://"u8);
        if (authority < 0) return null;
        var rest = target[(authority + 3)..];
        var end = rest.IndexOfAny("/?#"u8);
        if (end >= 0) rest = rest[..end];
        return WithoutPort(rest[(rest.LastIndexOf((byte)'@') + 1)..]);
    }

    private static string WithoutPort(ReadOnlySpan<byte> host)
    {
        var port = host.LastIndexOf((byte)':');
        return Encoding.Latin1.GetString(port >= 0 && host[port..].IndexOf((byte)']') < 0 ? host[..port] : host);
    }
}
