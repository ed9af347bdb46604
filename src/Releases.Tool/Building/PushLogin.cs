using System.Text.RegularExpressions;

namespace Releases.Tool;

/// <summary>
/// Keeps the login of an image registry out of every log. MSBuild takes it from its environment, and its own logs have each variable whose
/// name begins with <c>DOTNET_</c>.
/// </summary>
internal static partial class PushLogin
{
    /// <summary>The options with which MSBuild writes a log of its own. Those of a file may end with a number.</summary>
    private static readonly string[] LogOptions =
    [
        "bl", "binarylogger", "l", "logger", "dl", "distributedlogger", "fl", "filelogger", "flp", "fileloggerparameters", "dfl",
        "distributedfilelogger",
    ];

    /// <summary>Returns the variables for a push, and clears those with which MSBuild writes a log without an option.</summary>
    public static Dictionary<string, string> Variables(PushTarget target) => new()
    {
        [PushTarget.UserVariable] = target.User,
        [PushTarget.PasswordVariable] = target.Password,
        ["MSBUILD_LOGGING_ARGS"] = "",
        ["MSBuildDebugEngine"] = "",
    };

    /// <summary>Returns what masks the password in the lines that MSBuild prints; nothing to mask without one.</summary>
    public static Redactor Redactor(IReadOnlyDictionary<string, string> variables) =>
        new(variables.TryGetValue(PushTarget.PasswordVariable, out var password) ? [KeyValuePair.Create("PASSWORD", password)] : []);

    /// <summary>Determines whether an argument makes MSBuild write a log of its own.</summary>
    public static bool IsLog(string argument) =>
        PublishArguments.MsBuildOption(argument.Replace("\"", "", StringComparison.Ordinal)) is { } option
        && LogOptions.Contains(option.TrimEnd([.. "0123456789"]));

    /// <summary>Returns a response file's text without such arguments, for a copy in another folder.</summary>
    public static string WithoutLogs(string file)
    {
        var folder = Path.GetDirectoryName(file) + Path.DirectorySeparatorChar;
        return string.Join('\n', File.ReadLines(file)
            .Where(line => !line.TrimStart().StartsWith('#'))
            .Select(line => line.Replace("%MSBuildThisFileDirectory%", folder, StringComparison.OrdinalIgnoreCase))
            .Select(line => string.Join(' ', Argument().Matches(HidesLog(line) ? Environment.ExpandEnvironmentVariables(line) : line)
                .Select(a => a.Value).Where(a => !IsLog(a)))));
    }

    /// <summary>MSBuild replaces variables in such a file before it reads the options. Those without a log stay out of the copy.</summary>
    private static bool HidesLog(string line) => Argument().Matches(Environment.ExpandEnvironmentVariables(line)).Any(a => IsLog(a.Value));

    [GeneratedRegex("""(?:[^\s"]|"[^"]*"?)+""")]
    private static partial Regex Argument();
}
