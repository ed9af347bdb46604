namespace Releases.Aws;

/// <summary>Defines which versions may read and write the table; <c>rack init</c> writes it.</summary>
internal static class RackFormat
{
    /// <summary>The format that this version reads and writes.</summary>
    public const int Current = 1;

    private const string Format = "format";
    private const string Reader = "reader";
    private const string Writer = "writer";

    public static Item Item() => new Item(Keys.Rack).With(Format, Current).With(Reader, Current).With(Writer, Current);

    public static async Task Require(Table table, CancellationToken cancel)
    {
        var rack = await table.Get(Keys.Rack, cancel)
            ?? throw new Problem(
                ProblemCode.NoRack, $"the table '{table.Name}' exists but isn't the table of a rack.", Remedy.Do(
                    Operation.InitializeRack, "Make it one")).ToException();
        if (Math.Max(rack.Long(Reader), rack.Long(Writer)) > Current)
            throw NewerFormat.Refusal(
                $"The rack's table '{table.Name}' was written by a newer version and can't be used by {ToolVersion.Text}. "
                    + "Running services keep running.").ToException();
    }
}
