namespace Releases;

/// <summary>The address of a rack, as its kind writes it: <c>local</c>, <c>local:/srv/convox</c>,
/// <c>aws://eu-west-1/production</c>.</summary>
/// <param name="Kind">The kind of rack that it leads to.</param>
/// <param name="Text">The address in its one form: folders are absolute.</param>
public sealed record RackAddress(IRackKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
