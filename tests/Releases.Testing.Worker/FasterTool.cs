using System.Globalization;
using Releases.Aws;
using Releases.Testing;
using Releases.Tool;

/// <summary>The tool on a rack of AWS, by a clock that runs faster. Arguments: the speed, the moment in ticks, and the command.</summary>
internal static class FasterTool
{
    public static Task<int> Run(string[] arguments)
    {
        var time = new FasterTime(
            double.Parse(arguments[0], CultureInfo.InvariantCulture),
            new(long.Parse(arguments[1], CultureInfo.InvariantCulture), TimeSpan.Zero));
        Interruption.Catch();
        var host = new ToolHost(
            new SystemTerminal(), time, Environment.CurrentDirectory, Environment.GetEnvironmentVariable, new(new AwsRackKind()));
        return ConvoxTool.Run(arguments[2..], host, Interruption.Token);
    }
}
