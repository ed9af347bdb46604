namespace Releases;

/// <summary>
/// Represents the address of a rack, as its kind writes it: <c>local</c>, <c>local:/srv/convox</c>, <c>aws://eu-west-1/production</c>.
/// </summary>
/// <param name="Kind">The kind of rack.</param>
/// <param name="Text">The address in its canonical form, with absolute folders.</param>
public sealed record RackAddress(IRackKind Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Text;
}
